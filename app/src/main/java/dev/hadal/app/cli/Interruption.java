package dev.hadal.app.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C while something runs: it is told to stop, and the process ends (with code 130, as shells
 * expect) once it has put its output in order.
 */
final class Interruption implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 3;

  private final CountDownLatch inOrder = new CountDownLatch(1);
  private final Thread hook;
  private volatile boolean came;

  private Interruption(Runnable stop) {
    hook =
        new Thread(
            () -> {
              came = true;
              stop.run();
              awaitOrder();
            },
            "hadal-interruption");
  }

  /** Until it is closed, Ctrl-C runs {@code stop}, and then waits for {@link #close}. */
  static Interruption stopping(Runnable stop) {
    Interruption interruption = new Interruption(stop);
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  /** Whether it came. */
  boolean came() {
    return came;
  }

  private void awaitOrder() {
    try {
      if (!inOrder.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return; // what does not stop in time is cut off
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    inOrder.countDown();
    if (!came) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The process is ending already: the hook has run or runs now.
      }
    }
  }
}
