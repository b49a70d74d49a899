package dev.hadal.backend.simd;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fixed set of threads that share out the units of one task at a time; the caller is one of them.
 *
 * <p>Units are taken from a shared counter, so a thread that was held up is helped by the others;
 * what a unit computes must not depend on who computes it. Between tasks the threads watch for the
 * next one for a while (a decoded token has a hundred, microseconds apart) and then park. Nothing
 * is allocated. One thread calls at a time.
 */
public final class WorkerPool implements AutoCloseable {
  /** Longer than the gaps inside a token, shorter than anyone would call busy. */
  private static final long WATCH_NANOS = 100_000;

  private static final int LOOKS_PER_CLOCK_READING = 64;
  private static final int LOOKS_BEFORE_YIELDING = 20_000;

  /** Something to do in numbered units, in any order, by any thread. */
  public interface Task {
    void run(int unit, Worker worker);
  }

  private final Worker[] workers;
  private final Thread[] threads; // one fewer: the caller is the first worker
  private final AtomicInteger nextUnit = new AtomicInteger();
  private final AtomicInteger busy = new AtomicInteger();
  private final AtomicInteger parked = new AtomicInteger();
  private final AtomicInteger round = new AtomicInteger();
  private volatile @Nullable RuntimeException exception;
  private volatile @Nullable Error error;
  private volatile boolean closed;
  private @Nullable Task task; // written before round, read after it
  private int units;

  public WorkerPool(int width) {
    workers = new Worker[width];
    threads = new Thread[width - 1];
    for (int i = 0; i < width; i++) {
      workers[i] = new Worker(i);
    }
    for (int i = 0; i < threads.length; i++) {
      Worker worker = workers[i + 1];
      threads[i] =
          Thread.ofPlatform().daemon().name("hadal-simd-" + (i + 1)).start(() -> serve(worker));
    }
  }

  /** How many threads share the work, the caller included. */
  public int width() {
    return workers.length;
  }

  /**
   * Runs units 0 to {@code count - 1} and returns when all are done. A failure of any thread is
   * thrown here, after the others have stopped.
   */
  @SuppressWarnings("ThreadPriorityCheck") // yields only where there is nothing else to do
  public void run(Task what, int count) {
    if (closed) {
      throw new IllegalStateException("this back end is closed; open another one");
    }
    if (threads.length == 0 || count <= 1) {
      for (int unit = 0; unit < count; unit++) {
        what.run(unit, workers[0]);
      }
      return;
    }
    task = what;
    units = count;
    nextUnit.set(0);
    busy.set(threads.length);
    round.incrementAndGet();
    if (parked.get() > 0) {
      wake();
    }
    work(what, count, workers[0]);
    for (int looks = 0; busy.get() > 0; looks++) {
      if (looks < LOOKS_BEFORE_YIELDING) {
        Thread.onSpinWait();
      } else {
        Thread.yield(); // fewer free cores than threads: the one we wait for may need ours
      }
    }
    if (exception != null || error != null) {
      rethrow();
    }
  }

  /** Stops the threads and waits for them. */
  @Override
  public void close() {
    closed = true;
    round.incrementAndGet();
    wake();
    for (Thread thread : threads) {
      boolean interrupted = false;
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true; // the memory they read is about to go: they must have stopped
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void serve(Worker worker) {
    int seen = 0;
    while (true) {
      seen = awaitRoundAfter(seen);
      if (closed) {
        return;
      }
      Task what = task;
      if (what != null) {
        work(what, units, worker);
      }
      busy.decrementAndGet();
    }
  }

  private int awaitRoundAfter(int seen) {
    long until = System.nanoTime() + WATCH_NANOS;
    for (int looks = 1; ; looks++) {
      int now = round.get();
      if (now != seen) {
        return now;
      }
      Thread.onSpinWait();
      if (looks % LOOKS_PER_CLOCK_READING == 0 && System.nanoTime() - until > 0) {
        parked.incrementAndGet();
        if (round.get() == seen) { // looked at again after saying so: no wake-up is lost
          LockSupport.park(this);
        }
        parked.decrementAndGet();
      }
    }
  }

  private void work(Task what, int count, Worker worker) {
    try {
      for (int unit = nextUnit.getAndIncrement(); unit < count; unit = nextUnit.getAndIncrement()) {
        what.run(unit, worker);
      }
    } catch (RuntimeException e) {
      exception = e;
      nextUnit.set(count); // the others need not go on
    } catch (Error e) {
      error = e;
      nextUnit.set(count);
    }
  }

  private void wake() {
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
  }

  private void rethrow() {
    Error thrownError = error;
    RuntimeException thrown = exception;
    error = null;
    exception = null;
    if (thrownError != null) {
      throw thrownError;
    }
    if (thrown != null) {
      throw thrown;
    }
  }
}
