package dev.hadal.app.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.helidon.webserver.CloseConnectionException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.JsonNode;

/**
 * An answer that is written piece by piece, each on its way at once: server-sent events, or JSON a
 * line. A client that is gone shows in the write.
 */
public final class Frames {
  /** Server-sent events. */
  public static final String SSE = "text/event-stream";

  /** A JSON object a line. */
  public static final String NDJSON = "application/x-ndjson";

  private final OutputStream out;
  private final boolean events;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile long lastNanos = System.nanoTime();
  private boolean closed;

  Frames(OutputStream out, String type) {
    this.out = out;
    this.events = type.equals(SSE);
  }

  /** An event without a name; of a stream of lines, a line. */
  public void data(JsonNode json) throws IOException {
    write((events ? "data: " : "") + json + (events ? "\n\n" : "\n"));
  }

  /** An event with a name. */
  public void event(String name, JsonNode json) throws IOException {
    write("event: " + name + "\ndata: " + json + "\n\n");
  }

  /** Events that are written already, each with its empty line. */
  public void raw(String events) throws IOException {
    write(events);
  }

  /** OpenAI's word that a stream is over. */
  public void done() throws IOException {
    write("data: [DONE]\n\n");
  }

  /** Whether it has been silent for so long, and should say that it lives. */
  boolean isSilent(long nanos) {
    return events && System.nanoTime() - lastNanos >= nanos;
  }

  /** Says that the stream lives, if no one is writing. */
  void beat() {
    if (!lock.tryLock()) {
      return;
    }
    try {
      if (!closed) {
        write(": still here\n\n");
      }
    } catch (IOException e) {
      // Whoever answers will find out, or the watch has already.
    } finally {
      lock.unlock();
    }
  }

  private void write(String text) throws IOException {
    lock.lock();
    try {
      out.write(text.getBytes(UTF_8));
      out.flush();
      lastNanos = System.nanoTime();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (CloseConnectionException e) {
      throw new IOException(e);
    } finally {
      lock.unlock();
    }
  }

  void close() throws IOException {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        out.close();
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (CloseConnectionException e) {
      throw new IOException(e);
    } finally {
      lock.unlock();
    }
  }
}
