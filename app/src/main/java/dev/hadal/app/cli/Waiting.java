package dev.hadal.app.cli;

import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Says what takes so long, from its second second on, when nobody can say how long it will take: on
 * the error stream, only on a terminal, gone at the end.
 */
final class Waiting implements AutoCloseable {
  private final Io io;
  private final String what;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread thread;

  private Waiting(Io io, String what) {
    this.io = io;
    this.what = what;
    this.thread = Thread.ofVirtual().unstarted(this::count);
  }

  /** Begins to wait; {@link #end} comes before the first word of the result. */
  static Waiting on(Io io, String what) {
    Waiting waiting = new Waiting(io, what);
    if (io.watched()) {
      waiting.thread.start();
    }
    return waiting;
  }

  private void count() {
    String line = "";
    try {
      for (int seconds = 1; !ended.await(1, TimeUnit.SECONDS); seconds++) {
        line = String.format(Locale.ROOT, "%s ... %d s", what, seconds);
        io.err().print("\r" + line);
        io.err().flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!line.isEmpty()) {
      io.err().print("\r" + " ".repeat(line.length()) + "\r");
      io.err().flush();
    }
  }

  /** Waits no more, and wipes the line. */
  void end() {
    ended.countDown();
    if (io.watched()) {
      try {
        thread.join(); // its last write must not fall into what comes next
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    end();
  }
}
