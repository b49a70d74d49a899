package dev.hadal.format;

/** Told how far a long operation is, now and then, from the thread that runs it. */
@FunctionalInterface
public interface Progress {
  /** Tells nobody. */
  Progress NONE = (done, total) -> {};

  /**
   * @param done bytes that are through
   * @param total bytes there are, always the same and at least {@code done}
   */
  void update(long done, long total);
}
