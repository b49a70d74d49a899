package dev.hadal.app.server;

import dev.hadal.app.models.Lease;
import dev.hadal.app.models.ModelPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Work that holds models until it ends: a request, or an answer that goes on without one. Done by
 * one thread; {@link #stop} may come from others.
 */
public sealed class Job implements AutoCloseable permits Call {
  private final ModelPool pool;
  private final String api;
  private final long began = System.currentTimeMillis();
  private final Work work = new Work();
  private final List<Runnable> atEnd = new ArrayList<>();
  private final AtomicReference<@Nullable Failure> stopped = new AtomicReference<>();
  private volatile @Nullable Runnable stopper;

  /**
   * @param api the interface that it is done for, as {@link Room#name}
   */
  public Job(ModelPool pool, String api) {
    this.pool = pool;
    this.api = api;
  }

  public ModelPool pool() {
    return pool;
  }

  /** The right to use a model until this ends. */
  public Lease lease(String name) {
    return held(name, () -> pool.lease(name));
  }

  /** As {@link #lease(String)}, kept afterwards for so long. */
  public Lease lease(String name, Duration keepAlive) {
    return held(name, () -> pool.lease(name, keepAlive));
  }

  private Lease held(String name, Supplier<Lease> leasing) {
    work.loads(name);
    String known = "";
    try {
      Lease lease = leasing.get();
      atEnd.add(lease::close);
      known = lease.name();
      return lease;
    } finally {
      work.model(known);
    }
  }

  /** What this makes the engine do, for metrics and the flight recorder. */
  public Work work() {
    return work;
  }

  /** What is done when this ends, however it does; the last first. */
  public void atEnd(Runnable action) {
    atEnd.add(action);
  }

  /**
   * From here on it may be stopped by its client's leaving, its deadline or the server's end:
   * {@code stop} then runs, on another thread, and has to make whoever answers return soon, who
   * calls {@link #check}.
   */
  public void stoppable(Runnable stop) {
    stopper = stop;
    if (stopped.get() != null) {
      stop.run();
    }
  }

  /** Ends it early. */
  public void stop(Failure why) {
    if (stopped.compareAndSet(null, why)) {
      Runnable action = stopper;
      if (action != null) {
        action.run();
      }
    }
  }

  /** Goes on only if nobody has stopped it. */
  public void check() {
    Failure failure = stopped.get();
    if (failure != null) {
      throw failure.exception();
    }
  }

  boolean isStopped() {
    return stopped.get() != null;
  }

  String api() {
    return api;
  }

  /** When it began, in milliseconds since 1970. */
  long began() {
    return began;
  }

  /** Lets go of all that it held. */
  @Override
  public void close() {
    for (Runnable action : atEnd.reversed()) {
      action.run();
    }
    atEnd.clear();
  }
}
