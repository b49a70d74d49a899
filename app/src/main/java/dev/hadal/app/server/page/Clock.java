package dev.hadal.app.server.page;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** What the page does by itself, one thing after the other; one that fails is tried again. */
final class Clock implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("dev.hadal.server");

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("hadal-page").factory());

  void every(long millis, Runnable action) {
    Runnable safe =
        () -> {
          try {
            action.run();
          } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "the page's clock: something failed", e);
          }
        };
    var _ = thread.scheduleAtFixedRate(safe, millis, millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
