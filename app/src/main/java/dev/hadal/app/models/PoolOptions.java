package dev.hadal.app.models;

import com.sun.management.OperatingSystemMXBean;
import dev.hadal.HadalOptions;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * How many models are held, and for how long.
 *
 * @param opening how each is opened
 * @param keepAlive how long one stays when nobody uses it; zero: not at all
 * @param budgetBytes most memory of all of them together, weights counted as their files are large
 */
public record PoolOptions(HadalOptions opening, Duration keepAlive, long budgetBytes) {
  public PoolOptions {
    if (keepAlive.isNegative() || budgetBytes < 1) {
      throw new IllegalArgumentException(
          "keepAlive is %s and budgetBytes %,d; expected no negative time and some memory"
              .formatted(keepAlive, budgetBytes));
    }
  }

  /** A quarter of an hour each, in four fifths of this machine's memory. */
  public static PoolOptions of(HadalOptions opening) {
    long memory =
        ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean machine
            ? machine.getTotalMemorySize()
            : Long.MAX_VALUE;
    return new PoolOptions(opening, Duration.ofMinutes(15), Math.max(1, memory / 5 * 4));
  }

  public PoolOptions withKeepAlive(Duration value) {
    return new PoolOptions(opening, value, budgetBytes);
  }

  public PoolOptions withBudgetBytes(long value) {
    return new PoolOptions(opening, keepAlive, value);
  }
}
