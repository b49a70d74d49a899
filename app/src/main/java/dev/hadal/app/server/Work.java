package dev.hadal.app.server;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a job makes the engine do. Written by the thread that answers, looked at by others. */
public final class Work {
  private final List<Supplier<Progress>> running = new CopyOnWriteArrayList<>();
  private volatile String model = "";
  private volatile boolean loading;
  private int promptTokens;
  private int generatedTokens;
  private int cachedTokens;
  private long firstTokenNanos;
  private long decodeNanos;
  private String finish = "";

  /**
   * How far it is.
   *
   * @param stage {@code queued}, {@code loading}, {@code prompt}, {@code thinking}, {@code answer}
   * @param tokensPerSecond null before there are two tokens
   */
  public record Progress(
      String stage, int promptTokens, int generatedTokens, @Nullable Double tokensPerSecond) {}

  void loads(String name) {
    model = name;
    loading = true;
  }

  void model(String name) {
    model = name;
    loading = false;
  }

  /** A sequence that is computed, as long as the job goes on. */
  public void watch(Supplier<Progress> sequence) {
    running.add(sequence);
  }

  /** All its sequences together. */
  public Progress progress() {
    String stage = loading ? "loading" : model.isEmpty() ? "queued" : "prompt";
    int prompt = 0;
    int generated = 0;
    Double perSecond = null;
    for (Supplier<Progress> sequence : running) {
      Progress now = sequence.get();
      stage = now.stage();
      prompt += now.promptTokens();
      generated += now.generatedTokens();
      if (now.tokensPerSecond() != null) {
        perSecond = now.tokensPerSecond() + (perSecond == null ? 0 : perSecond);
      }
    }
    return new Progress(stage, prompt, generated, perSecond);
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
