package dev.hadal.app.server;

import dev.hadal.app.models.UnknownModelException;
import dev.hadal.chat.jinja.TemplateException;
import dev.hadal.engine.CapacityException;
import dev.hadal.engine.QueueFullException;
import dev.hadal.format.FormatException;
import io.helidon.http.HttpException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a request gets no answer. Each interface words it in its own shape.
 *
 * @param message where, what was found, what was expected, what to do
 * @param param the field that is to blame; null if none is
 * @param retryAfter when to ask again
 */
public record Failure(
    Kind kind, String message, @Nullable String param, Optional<Duration> retryAfter) {

  /** What kind of failure, with its HTTP status. */
  public enum Kind {
    INVALID(400),
    TOO_LONG(400),
    UNAUTHORIZED(401),
    FORBIDDEN(403),
    NOT_FOUND(404),
    UNKNOWN_MODEL(404),
    METHOD(405),
    SLOW_BODY(408),
    TOO_LARGE(413),
    BUSY(429),
    CLIENT_GONE(499),
    INTERNAL(500),
    NO_MEMORY(503),
    ENDING(503),
    DEADLINE(504);

    private final int status;

    Kind(int status) {
      this.status = status;
    }

    public int status() {
      return status;
    }
  }

  public static Failure of(Kind kind, String message) {
    return new Failure(kind, message, null, Optional.empty());
  }

  /** A field that is wrong. */
  public static Failure invalid(@Nullable String param, String message) {
    return new Failure(Kind.INVALID, message, param, Optional.empty());
  }

  public RequestException exception() {
    return new RequestException(this);
  }

  /** What an exception means to the one who asked. */
  public static Failure of(Throwable thrown) {
    return switch (thrown) {
      case RequestException e -> e.failure();
      case UnknownModelException e ->
          new Failure(Kind.UNKNOWN_MODEL, message(e), "model", Optional.empty());
      case QueueFullException e ->
          new Failure(Kind.BUSY, message(e), null, Optional.of(e.retryAfter()));
      case CapacityException e ->
          new Failure(Kind.NO_MEMORY, message(e), null, Optional.of(Duration.ofSeconds(5)));
      case TemplateException e ->
          invalid("messages", "the model's chat template refuses this: " + message(e));
      case IllegalArgumentException e -> invalid(null, message(e));
      case HttpException e -> invalid(null, message(e));
      case io.helidon.http.RequestException e -> invalid(null, message(e));
      case FormatException e -> of(Kind.INTERNAL, message(e));
      case IOException e -> of(Kind.CLIENT_GONE, message(e));
      case UncheckedIOException e -> of(Kind.INTERNAL, message(e));
      default ->
          of(
              Kind.INTERNAL,
              "this should not have happened; the server's log says more (%s)"
                  .formatted(thrown.getClass().getSimpleName()));
    };
  }

  private static String message(Throwable e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
