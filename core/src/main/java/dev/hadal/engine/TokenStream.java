package dev.hadal.engine;

import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one sequence, as they are sampled. Reading blocks until there is one. Closing early
 * gives the sequence's memory back at the engine's next step. One reader.
 */
public final class TokenStream implements AutoCloseable {
  private static final Item END = new Item(-1, null);

  private final BlockingQueue<Item> queue = new LinkedBlockingQueue<>();
  private final int promptTokens;
  private volatile boolean closed;
  private volatile @Nullable FinishReason finishReason;
  private volatile @Nullable Throwable failure;
  private volatile List<TokenLogprob> promptLogprobs = List.of();
  private volatile float @Nullable [] vector;
  private volatile long promptNanos;
  private volatile long decodeNanos;
  private volatile int generatedTokens;
  private volatile int cachedTokens;
  private volatile int draftedTokens;
  private volatile int acceptedTokens;
  private @Nullable TokenLogprob logprob;
  private boolean drained;

  private record Item(int token, @Nullable TokenLogprob logprob) {}

  TokenStream(int promptTokens) {
    this.promptTokens = promptTokens;
  }

  /**
   * The next token; empty when the sequence has ended.
   *
   * @throws CapacityException if memory went to those before it
   * @throws IllegalStateException if the engine failed or was closed
   */
  public OptionalInt next() {
    if (drained) {
      return OptionalInt.empty();
    }
    Item item;
    try {
      item = queue.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      return OptionalInt.empty();
    }
    if (item.token >= 0) {
      logprob = item.logprob;
      return OptionalInt.of(item.token);
    }
    drained = true;
    Throwable cause = failure;
    if (cause instanceof CapacityException capacity) {
      throw capacity;
    }
    if (cause != null) {
      throw new IllegalStateException("the engine stopped: " + cause.getMessage(), cause);
    }
    return OptionalInt.empty();
  }

  /** How likely the token that {@link #next} gave last was; null unless it was asked for. */
  public @Nullable TokenLogprob logprob() {
    return logprob;
  }

  /**
   * How likely the prompt's tokens were, if it was asked for: from the first generated token on, or
   * from the end. The first token follows nothing, so entry {@code i} is that of token {@code i +
   * 1}.
   */
  public List<TokenLogprob> promptLogprobs() {
    return promptLogprobs;
  }

  /** Why it ended; null while it has not. */
  public @Nullable FinishReason finishReason() {
    return finishReason;
  }

  public int promptTokens() {
    return promptTokens;
  }

  /** Tokens of the prompt that the cache knew already. */
  public int cachedTokens() {
    return cachedTokens;
  }

  /** Tokens generated so far, the one that ended the sequence included. */
  public int generatedTokens() {
    return generatedTokens;
  }

  /** Tokens that were guessed ahead. */
  public int draftedTokens() {
    return draftedTokens;
  }

  /** Guesses that were right. */
  public int acceptedTokens() {
    return acceptedTokens;
  }

  /** From submission to the first token, in nanoseconds; 0 before that. */
  public long promptNanos() {
    return promptNanos;
  }

  /** From the first token to the last so far, in nanoseconds. */
  public long decodeNanos() {
    return decodeNanos;
  }

  /** The text's vector, where that was asked for and it has ended. */
  float @Nullable [] vector() {
    return vector;
  }

  void vector(float[] numbers) {
    vector = numbers;
  }

  boolean isClosed() {
    return closed;
  }

  void timings(long promptNanos, long decodeNanos, int generatedTokens) {
    this.promptNanos = promptNanos;
    this.decodeNanos = decodeNanos;
    this.generatedTokens = generatedTokens;
  }

  void cached(int tokens) {
    cachedTokens = tokens;
  }

  /** Records what guessing has come to so far. */
  void speculated(int drafted, int accepted) {
    draftedTokens = drafted;
    acceptedTokens = accepted;
  }

  void promptLogprobs(List<TokenLogprob> logprobs) {
    promptLogprobs = List.copyOf(logprobs);
  }

  void put(int token, @Nullable TokenLogprob logprob) {
    queue.add(new Item(token, logprob));
  }

  void finish(FinishReason reason) {
    finishReason = reason;
    queue.add(END);
  }

  void fail(Throwable cause) {
    failure = cause;
    queue.add(END);
  }

  @Override
  public void close() {
    closed = true;
  }
}
