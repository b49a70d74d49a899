package dev.hadal.app.cli;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A bar for work that takes over a second: on the error stream, only on a terminal, gone at the
 * end.
 */
final class Progress implements AutoCloseable {
  private static final int WIDTH = 28;
  private static final long PATIENCE_NANOS = 500_000_000;
  private static final long REDRAW_NANOS = 100_000_000;

  private final Io io;
  private final String what;
  private final long began = System.nanoTime();
  private long drawn;
  private @Nullable String line;

  /**
   * @param what the work, in a word or two
   */
  Progress(Io io, String what) {
    this.io = io;
    this.what = what;
  }

  /** So much is done; may be called as often as there is news, from one thread at a time. */
  void update(long done, long total) {
    long now = System.nanoTime();
    if (io.watched() && now - began >= PATIENCE_NANOS && now - drawn >= REDRAW_NANOS) {
      drawn = now;
      draw(Math.clamp((double) done / Math.max(1, total), 0, 1), now - began);
    }
  }

  private void draw(double part, long elapsedNanos) {
    int full = (int) (part * WIDTH);
    double left = part == 0 ? 0 : elapsedNanos / 1e9 * (1 - part) / part;
    line =
        String.format(
            Locale.ROOT,
            "%s [%s%s] %3d%%%s",
            what,
            "=".repeat(full),
            " ".repeat(WIDTH - full),
            (int) (100 * part),
            part == 0 ? "" : ", " + duration(left) + " left");
    // Spaces wipe what a longer line left: not every terminal knows how to erase.
    io.err().print("\r" + line + "    ");
    io.err().flush();
  }

  private static String duration(double seconds) {
    long whole = Math.round(seconds);
    return whole < 90 ? whole + " s" : (whole + 30) / 60 + " min";
  }

  @Override
  public void close() {
    if (line != null) {
      io.err().print("\r" + " ".repeat(line.length() + 4) + "\r");
      io.err().flush();
      line = null;
    }
  }
}
