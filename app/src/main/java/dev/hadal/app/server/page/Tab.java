package dev.hadal.app.server.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What a tab is still to be told. One reader. */
final class Tab {
  private static final long MOST_BYTES = 4 << 20;

  private final Runnable cut;
  private final Deque<String> waiting = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();
  private long bytes;
  private long taken;
  private boolean closed;

  /**
   * @param cut breaks the connection of a tab that does not keep up
   */
  Tab(Runnable cut) {
    this.cut = cut;
  }

  void add(String event) {
    boolean behind;
    lock.lock();
    try {
      behind = !closed && bytes > MOST_BYTES;
      if (!closed && !behind) {
        waiting.add(event);
        bytes += event.getBytes(UTF_8).length;
        more.signal();
      }
    } finally {
      lock.unlock();
    }
    if (behind) {
      close();
      cut.run();
    }
  }

  /** All that waits; blocks until there is something. Empty when it is closed. */
  String take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      bytes -= taken; // what was taken last has been written now
      while (waiting.isEmpty() && !closed) {
        more.await();
      }
      String all = String.join("", waiting);
      waiting.clear();
      taken = bytes;
      return all;
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
