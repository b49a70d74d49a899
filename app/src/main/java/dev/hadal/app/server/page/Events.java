package dev.hadal.app.server.page;

import dev.hadal.app.server.Call;
import dev.hadal.app.server.Frames;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** Tells every open tab what changes. */
final class Events {
  private final Set<Tab> tabs = ConcurrentHashMap.newKeySet();
  private final AtomicLong number = new AtomicLong();
  private volatile boolean ended;

  /** Tells all. */
  void tell(String event, JsonNode data) {
    if (!tabs.isEmpty()) {
      String text = frame(event, data);
      tabs.forEach(tab -> tab.add(text));
    }
  }

  /** Tells one. */
  void tell(Tab tab, String event, JsonNode data) {
    tab.add(frame(event, data));
  }

  private String frame(String event, JsonNode data) {
    return "id: " + number.incrementAndGet() + "\nevent: " + event + "\ndata: " + data + "\n\n";
  }

  boolean isHeard() {
    return !tabs.isEmpty();
  }

  /**
   * Serves a tab until it leaves.
   *
   * @param hello the first event
   * @param news tells it what is so, after it is told what changes
   */
  void serve(Call call, JsonNode hello, Consumer<Tab> news) throws IOException {
    Tab tab = new Tab(call::hangUp);
    tell(tab, "hello", hello);
    Frames frames = call.frames(Frames.SSE);
    call.stoppable(tab::close);
    tabs.add(tab);
    try {
      news.accept(tab);
      if (ended) {
        tab.close();
      }
      for (String text = tab.take(); !text.isEmpty(); text = tab.take()) {
        frames.raw(text);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    } finally {
      tabs.remove(tab);
    }
  }

  /** Says no more. */
  void end() {
    ended = true;
    tabs.forEach(Tab::close);
  }
}
