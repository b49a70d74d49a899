package dev.hadal.engine;

import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one sequence, as they are sampled. Reading blocks until there is one. Closing early
 * gives the sequence's memory back at the engine's next step. One reader.
 */
public final class TokenStream implements AutoCloseable {
  private static final int END = -1;

  private final BlockingQueue<Integer> queue = new LinkedBlockingQueue<>();
  private final int promptTokens;
  private volatile boolean closed;
  private volatile @Nullable FinishReason finishReason;
  private volatile @Nullable Throwable failure;
  private volatile long promptNanos;
  private volatile long decodeNanos;
  private volatile int generatedTokens;
  private boolean drained;

  TokenStream(int promptTokens) {
    this.promptTokens = promptTokens;
  }

  /**
   * The next token; empty when the sequence has ended.
   *
   * @throws IllegalStateException if the engine failed or was closed
   */
  public OptionalInt next() {
    if (drained) {
      return OptionalInt.empty();
    }
    int token;
    try {
      token = queue.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      return OptionalInt.empty();
    }
    if (token != END) {
      return OptionalInt.of(token);
    }
    drained = true;
    Throwable cause = failure;
    if (cause != null) {
      throw new IllegalStateException("the engine stopped: " + cause.getMessage(), cause);
    }
    return OptionalInt.empty();
  }

  /** Why it ended; null while it has not. */
  public @Nullable FinishReason finishReason() {
    return finishReason;
  }

  public int promptTokens() {
    return promptTokens;
  }

  /** Tokens generated so far, the one that ended the sequence included. */
  public int generatedTokens() {
    return generatedTokens;
  }

  /** From submission to the first token, in nanoseconds; 0 before that. */
  public long promptNanos() {
    return promptNanos;
  }

  /** From the first token to the last so far, in nanoseconds. */
  public long decodeNanos() {
    return decodeNanos;
  }

  boolean isClosed() {
    return closed;
  }

  void timings(long promptNanos, long decodeNanos, int generatedTokens) {
    this.promptNanos = promptNanos;
    this.decodeNanos = decodeNanos;
    this.generatedTokens = generatedTokens;
  }

  void put(int token) {
    queue.add(token);
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
