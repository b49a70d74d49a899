package dev.hadal.app.server;

/** What a call made the engine do. Written by the thread that answers. */
public final class Work {
  private String model = "";
  private int promptTokens;
  private int generatedTokens;
  private int cachedTokens;
  private long firstTokenNanos;
  private long decodeNanos;
  private String finish = "";

  void model(String name) {
    model = name;
  }

  /**
   * Adds one sequence.
   *
   * @param firstTokenNanos from submission to the first token; 0 if none came
   * @param decodeNanos from the first token to the last
   * @param finish why it ended: stop, length, abort
   */
  public void add(
      int prompt,
      int generated,
      int cached,
      long firstTokenNanos,
      long decodeNanos,
      String finish) {
    promptTokens += prompt;
    generatedTokens += generated;
    cachedTokens += cached;
    if (this.firstTokenNanos == 0) {
      this.firstTokenNanos = firstTokenNanos;
    }
    this.decodeNanos = Math.max(this.decodeNanos, decodeNanos);
    this.finish = finish;
  }

  String model() {
    return model;
  }

  int promptTokens() {
    return promptTokens;
  }

  int generatedTokens() {
    return generatedTokens;
  }

  int cachedTokens() {
    return cachedTokens;
  }

  long firstTokenNanos() {
    return firstTokenNanos;
  }

  long decodeNanos() {
    return decodeNanos;
  }

  String finish() {
    return finish;
  }
}
