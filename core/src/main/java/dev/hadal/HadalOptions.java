package dev.hadal;

/**
 * How a model is opened.
 *
 * @param backend the back end's name; empty for the fastest that runs here
 * @param threads workers; 0 for one a physical core
 * @param contextLength most tokens of a conversation; 0 for as many as the model was made for.
 *     Memory is taken as it fills
 */
public record HadalOptions(String backend, int threads, int contextLength) {
  public HadalOptions {
    if (threads < 0 || contextLength < 0) {
      throw new IllegalArgumentException(
          "threads and contextLength are 0 (choose for me) or more, found "
              + threads
              + " and "
              + contextLength);
    }
  }

  /** Everything chosen for this machine and the model. */
  public static HadalOptions defaults() {
    return new HadalOptions("", 0, 0);
  }

  public HadalOptions withBackend(String value) {
    return new HadalOptions(value, threads, contextLength);
  }

  public HadalOptions withThreads(int value) {
    return new HadalOptions(backend, value, contextLength);
  }

  public HadalOptions withContextLength(int value) {
    return new HadalOptions(backend, threads, value);
  }
}
