package dev.hadal.engine;

import java.util.Arrays;

/**
 * One request on its way: its tokens, how many of them the cache holds, and where. Owned by the
 * engine's thread.
 */
final class Sequence {
  private final int promptLength;
  private final int maxLength; // prompt and answer together
  private final SamplingParams params;
  private final Sampler sampler;
  private final TokenStream stream;
  private final long submittedNanos = System.nanoTime();
  private int[] tokens;
  private int length;
  private int numComputedTokens;
  private int[] blockTable = new int[0];
  private long firstTokenNanos;

  Sequence(
      int[] prompt, int maxLength, SamplingParams params, Sampler sampler, TokenStream stream) {
    this.promptLength = prompt.length;
    this.maxLength = maxLength;
    this.params = params;
    this.sampler = sampler;
    this.stream = stream;
    this.tokens = Arrays.copyOf(prompt, prompt.length + 64);
    this.length = prompt.length;
  }

  int length() {
    return length;
  }

  int maxLength() {
    return maxLength;
  }

  int token(int position) {
    return tokens[position];
  }

  /** Tokens whose keys and values lie in the cache. */
  int numComputedTokens() {
    return numComputedTokens;
  }

  /** Tokens a step could still compute: 1 for a decoding sequence. */
  int pendingTokens() {
    return length - numComputedTokens;
  }

  int[] blockTable() {
    return blockTable;
  }

  void blockTable(int[] blocks) {
    blockTable = blocks;
  }

  Sampler sampler() {
    return sampler;
  }

  TokenStream stream() {
    return stream;
  }

  SamplingParams params() {
    return params;
  }

  /** Records that {@code count} more tokens are in the cache. */
  void computed(int count) {
    numComputedTokens += count;
  }

  /** Appends a sampled token. */
  void append(int token) {
    if (length == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * length);
    }
    tokens[length++] = token;
    long now = System.nanoTime();
    if (firstTokenNanos == 0) {
      firstTokenNanos = now;
    }
    stream.timings(firstTokenNanos - submittedNanos, now - firstTokenNanos, length - promptLength);
  }

  boolean isFull() {
    return length >= maxLength;
  }
}
