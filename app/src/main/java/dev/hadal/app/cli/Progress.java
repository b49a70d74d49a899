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
  private final boolean bytes;
  private final long began = System.nanoTime();
  private long drawn;
  private long first = -1;
  private @Nullable String line;

  /**
   * @param what the work, in a word or two
   */
  Progress(Io io, String what) {
    this(io, what, false);
  }

  private Progress(Io io, String what, boolean bytes) {
    this.io = io;
    this.what = what;
    this.bytes = bytes;
  }

  /** Of bytes: also says how many, and how fast they come. */
  static Progress ofBytes(Io io, String what) {
    return new Progress(io, what, true);
  }

  /** So much is done; may be called as often as there is news, from one thread at a time. */
  void update(long done, long total) {
    long now = System.nanoTime();
    first = first < 0 ? done : first; // what a resumed download begins with took no time
    if (io.watched() && now - began >= PATIENCE_NANOS && now - drawn >= REDRAW_NANOS) {
      drawn = now;
      draw(done, total, (now - began) / 1e9);
    }
  }

  private void draw(long done, long total, double seconds) {
    double part = Math.clamp((double) done / Math.max(1, total), 0, 1);
    int full = (int) (part * WIDTH);
    double rate = (done - first) / seconds;
    String left = rate <= 0 ? "" : ", " + duration((total - done) / rate) + " left";
    int before = line == null ? 0 : line.length();
    line =
        String.format(
            Locale.ROOT,
            "%s [%s%s] %3d%%%s",
            what,
            "=".repeat(full),
            " ".repeat(WIDTH - full),
            (int) (100 * part),
            bytes
                ? " of %s, %s/s%s".formatted(Sizes.bytes(total), Sizes.bytes((long) rate), left)
                : left);
    // Spaces wipe what a longer line left: not every terminal knows how to erase.
    io.err().print("\r" + line + " ".repeat(Math.max(4, before - line.length())));
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
