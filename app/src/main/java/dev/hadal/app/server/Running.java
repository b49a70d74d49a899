package dev.hadal.app.server;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The calls that are being answered: who looks after them, and how they end with the server. */
final class Running {
  private static final long WATCH_MILLIS = 100;

  private final Set<Call> calls = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition empty = lock.newCondition();
  private final ScheduledExecutorService watch;
  private volatile boolean ending;

  Running(Limits limits) {
    this.watch =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("hadal-watch").factory());
    Runnable round = () -> calls.forEach(call -> call.watch(limits));
    var _ = watch.scheduleWithFixedDelay(round, WATCH_MILLIS, WATCH_MILLIS, TimeUnit.MILLISECONDS);
  }

  void enter(Call call) {
    calls.add(call);
    if (ending) {
      throw ending().exception();
    }
  }

  void leave(Call call) {
    calls.remove(call);
    if (calls.isEmpty()) {
      lock.lock();
      try {
        empty.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  int size() {
    return calls.size();
  }

  boolean isEnding() {
    return ending;
  }

  private static Failure ending() {
    return Failure.of(Failure.Kind.ENDING, "this server is ending; ask again when it is back");
  }

  /** Lets in no one else, waits for those inside, and stops those that take too long. */
  void drain(Duration grace) {
    ending = true;
    if (!awaitEmpty(grace)) {
      calls.forEach(call -> call.stop(ending()));
      awaitEmpty(Duration.ofSeconds(5));
    }
    watch.shutdownNow();
  }

  private boolean awaitEmpty(Duration patience) {
    long nanos = patience.toNanos();
    lock.lock();
    try {
      while (!calls.isEmpty() && nanos > 0) {
        nanos = empty.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    return calls.isEmpty();
  }
}
