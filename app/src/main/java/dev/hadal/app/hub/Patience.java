package dev.hadal.app.hub;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;

/** How often something is tried again, and after how long. */
final class Patience {
  private static final int ATTEMPTS = 6;
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private final Sleep sleep;
  private final PullListener listener;

  /** Time that passes. */
  @FunctionalInterface
  interface Sleep {
    void pass(Duration time) throws InterruptedException;
  }

  Patience(Sleep sleep, PullListener listener) {
    this.sleep = sleep;
    this.listener = listener;
  }

  /**
   * Waits before the next attempt: as long as the server asks for, else a second, two, four ...
   *
   * @param failed how many attempts failed before this one
   * @throws IOException the failure itself, if it will not pass or enough was tried
   */
  void afterFailure(int failed, IOException failure) throws IOException {
    boolean passing =
        !(failure instanceof HubException)
            && !(failure instanceof InterruptedIOException
                && Thread.currentThread().isInterrupted())
            && !(failure instanceof StatusException status && !status.isPassing());
    if (!passing || failed + 1 >= ATTEMPTS) {
      throw failure;
    }
    Optional<Duration> asked =
        failure instanceof StatusException status ? status.retryAfter() : Optional.empty();
    Duration time = asked.orElse(Duration.ofSeconds(1L << Math.min(failed, 5)));
    if (time.compareTo(LONGEST) > 0) {
      throw new HubException(
          "%s and asks to wait %,d minutes; pull again then, what is here already stays"
              .formatted(failure.getMessage(), time.toMinutes()),
          failure);
    }
    if (time.toSeconds() >= 4) {
      listener.says("%s; trying again in %d s".formatted(failure.getMessage(), time.toSeconds()));
    }
    try {
      sleep.pass(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    }
  }
}
