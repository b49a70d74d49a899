package dev.hadal.app.hub;

import java.io.IOException;
import java.io.Serial;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** A server answered, but not with what was asked for. */
final class StatusException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  private final int status;
  private final URI uri;
  private final transient HttpHeaders headers;

  StatusException(int status, URI uri, HttpHeaders headers) {
    // Without the query: signed addresses are as good as tokens.
    super("%s%s answers %d".formatted(uri.getAuthority(), uri.getPath(), status));
    this.status = status;
    this.uri = uri;
    this.headers = headers;
  }

  int status() {
    return status;
  }

  URI uri() {
    return uri;
  }

  /** What Hugging Face says beside the number, such as {@code GatedRepo}. */
  String code() {
    return headers.firstValue("X-Error-Code").orElse("");
  }

  /** Whether the same request may succeed a little later. */
  boolean isPassing() {
    return status == 408 || status == 429 || status >= 500;
  }

  /** How long the server asks to wait. */
  Optional<Duration> retryAfter() {
    return headers.firstValue("Retry-After").flatMap(StatusException::duration);
  }

  private static Optional<Duration> duration(String text) {
    try {
      return Optional.of(Duration.ofSeconds(Math.clamp(Long.parseLong(text.strip()), 0, 86_400)));
    } catch (NumberFormatException e) {
      try {
        Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        return Optional.of(Duration.between(Instant.now(), then)).filter(d -> !d.isNegative());
      } catch (DateTimeParseException bad) {
        return Optional.empty();
      }
    }
  }
}
