package dev.hadal.engine;

import java.util.Arrays;

/** How often tokens came, of a few of a large vocabulary: open addressing. */
final class TokenCounts {
  private static final int FREE = -1;

  private int[] tokens = new int[64];
  private int[] counts = new int[64];
  private int size;

  TokenCounts() {
    Arrays.fill(tokens, FREE);
  }

  /** Adds to a token's count; 0 makes it known. */
  void add(int token, int count) {
    if (2 * size >= tokens.length) {
      grow();
    }
    int slot = slot(token);
    if (tokens[slot] == FREE) {
      tokens[slot] = token;
      size++;
    }
    counts[slot] += count;
  }

  private int slot(int token) {
    int slot = token * 0x9e3779b1 >>> 7 & tokens.length - 1;
    while (tokens[slot] != FREE && tokens[slot] != token) {
      slot = slot + 1 & tokens.length - 1;
    }
    return slot;
  }

  private void grow() {
    int[] oldTokens = tokens;
    int[] oldCounts = counts;
    tokens = new int[2 * oldTokens.length];
    counts = new int[tokens.length];
    Arrays.fill(tokens, FREE);
    for (int i = 0; i < oldTokens.length; i++) {
      if (oldTokens[i] != FREE) {
        int slot = slot(oldTokens[i]);
        tokens[slot] = oldTokens[i];
        counts[slot] = oldCounts[i];
      }
    }
  }

  /** Slots; a free one has a token below 0. */
  int slots() {
    return tokens.length;
  }

  int token(int slot) {
    return tokens[slot];
  }

  int count(int slot) {
    return counts[slot];
  }
}
