package dev.hadal.app.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.hadal.app.models.ModelPool;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A request in hand and the way to answer it. Handled by one thread; {@link #stop} may come from
 * others.
 */
public final class Call extends Job {
  private final ServerRequest req;
  private final ServerResponse res;
  private final Routes.Route route;
  private final Bodies bodies;
  private final Line line;
  private final long beganNanos = System.nanoTime();
  private volatile @Nullable Frames frames;
  private @Nullable FailedStream failedStream;
  private volatile boolean reading;
  private byte[] body = new byte[0];
  private int status;

  Call(
      ServerRequest req,
      ServerResponse res,
      Routes.Route route,
      ModelPool pool,
      Bodies bodies,
      Line line) {
    super(pool, route.room().name());
    this.req = req;
    this.res = res;
    this.route = route;
    this.bodies = bodies;
    this.line = line;
  }

  /** The part of the path that stands for {@code {name}}. */
  public String path(String name) {
    return req.path().pathParameters().get(name);
  }

  /** The endpoint's path as it was added, with names where a request has values. */
  public String endpoint() {
    return route.path();
  }

  public String method() {
    return req.prologue().method().text();
  }

  /** How long the body says it is; -1 where it does not say. */
  public long bodyLength() {
    return req.headers().contentLength().orElse(-1);
  }

  public Optional<String> query(String name) {
    return req.query().first(name).asOptional();
  }

  public Optional<String> header(String name) {
    HeaderName header = HeaderNames.create(name);
    return req.headers().first(header);
  }

  /** The body's JSON object. */
  public Fields fields() {
    return Fields.of(bodies.json(body));
  }

  /** The body as it came. */
  public byte[] body() {
    return body;
  }

  @Override
  public void stoppable(Runnable stop) {
    super.stoppable(stop);
    line.whenGone(() -> stop(gone()));
  }

  /** Breaks the connection, whoever writes to it. */
  public void hangUp() {
    line.close();
  }

  public void json(JsonNode json) {
    json(200, json);
  }

  public void json(int code, JsonNode json) {
    send(code, "application/json", json.toString().getBytes(UTF_8));
  }

  public void text(int code, String type, String text) {
    send(code, type, text.getBytes(UTF_8));
  }

  /** A whole answer. */
  public void send(int code, String type, byte[] bytes) {
    status = code;
    try {
      res.status(code).header(HeaderNames.CONTENT_TYPE, type).send(bytes);
    } catch (UncheckedIOException | CloseConnectionException e) {
      throw gone().exception();
    }
  }

  /** An answer without a body. */
  public void nothing(int code) {
    status = code;
    try {
      res.status(code).send();
    } catch (UncheckedIOException | CloseConnectionException e) {
      throw gone().exception();
    }
  }

  /** Sets a header of the answer, before it is sent. */
  public void answerHeader(String name, String value) {
    res.header(name, value);
  }

  /** Begins an answer in pieces: {@link Frames#SSE} or {@link Frames#NDJSON}. */
  public Frames frames(String type) {
    status = 200;
    res.status(200)
        .header(HeaderNames.CONTENT_TYPE, type)
        .header(HeaderNames.CACHE_CONTROL, "no-cache")
        .header("X-Accel-Buffering", "no");
    Frames begun = new Frames(res.outputStream(), type);
    frames = begun;
    return begun;
  }

  /** Tells a failure in a stream that has begun. */
  @FunctionalInterface
  public interface FailedStream {
    void tell(Failure failure) throws IOException;
  }

  /** A failure in this call's stream is told so, not in the room's own way. */
  public void whenStreamFails(FailedStream teller) {
    failedStream = teller;
  }

  // What follows is the gate's and the watch's.

  void readBody() throws IOException {
    reading = true;
    try {
      body = bodies.read(req);
    } finally {
      reading = false;
    }
  }

  /** Tells the client why, in its interface's words, wherever the answer stands. */
  void fail(Failure failure) throws IOException {
    status = failure.kind().status();
    Frames begun = frames;
    if (failure.kind() == Failure.Kind.CLIENT_GONE) {
      return;
    }
    if (begun != null && failedStream != null) {
      failedStream.tell(failure);
    } else if (begun != null) {
      route.room().error(begun, failure);
    } else if (!res.isSent()) {
      failure
          .retryAfter()
          .ifPresent(
              wait -> res.header("Retry-After", Long.toString(Math.max(1, wait.toSeconds()))));
      if (failure.kind() == Failure.Kind.TOO_LARGE || failure.kind() == Failure.Kind.ENDING) {
        res.header(HeaderNames.CONNECTION, "close");
      }
      json(status, route.room().error(failure));
    }
  }

  /** Lets go of all that the call held. */
  void end() throws IOException {
    line.whenGone(null);
    if (closes(req.headers()) || closes(res.headers())) {
      line.over();
    }
    close();
    Frames begun = frames;
    if (begun != null) {
      begun.close();
    }
  }

  private static boolean closes(Headers headers) {
    return headers.first(HeaderNames.CONNECTION).filter("close"::equalsIgnoreCase).isPresent();
  }

  /** Looks after the call: slow bodies, deadlines, silent streams. */
  void watch(Limits limits) {
    long age = ageNanos();
    if (reading && age > limits.bodyTime().toNanos()) {
      line.close();
    } else if (!limits.answerTime().isZero() && age > limits.answerTime().toNanos()) {
      stop(
          Failure.of(
              Failure.Kind.DEADLINE,
              "the answer took longer than %,d s, the most it may here"
                  .formatted(limits.answerTime().toSeconds())));
    }
    Frames begun = frames;
    if (begun != null && begun.isSilent(limits.heartbeat().toNanos()) && !isStopped()) {
      Thread.startVirtualThread(begun::beat);
    }
  }

  private static Failure gone() {
    return Failure.of(Failure.Kind.CLIENT_GONE, "the client hung up");
  }

  int status() {
    return status;
  }

  String name() {
    return route.method() + " " + route.path();
  }

  long ageNanos() {
    return System.nanoTime() - beganNanos;
  }
}
