package dev.hadal.engine;

import java.time.Duration;

/** As many requests wait as may: this one may come again later. Those before it go on. */
public final class QueueFullException extends CapacityException {
  private static final long serialVersionUID = 1L;

  private final Duration retryAfter;

  public QueueFullException(String message, Duration retryAfter) {
    super(message);
    this.retryAfter = retryAfter;
  }

  /** When there will probably be room, whole seconds, at least one: HTTP's {@code Retry-After}. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
