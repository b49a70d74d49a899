package dev.hadal.tokenizer;

import java.util.Arrays;

/**
 * A hash map from non-negative longs to non-negative longs, open addressing; absent is {@link
 * #ABSENT}.
 */
final class LongMap {
  static final long ABSENT = -1;

  private long[] keys;
  private long[] values;
  private int size;

  LongMap(int expected) {
    int capacity = Integer.highestOneBit(Math.max(8, expected)) << 2;
    keys = new long[capacity];
    values = new long[capacity];
    Arrays.fill(keys, ABSENT);
  }

  long get(long key) {
    long[] table = keys;
    int mask = table.length - 1;
    for (int slot = slot(key, mask); ; slot = slot + 1 & mask) {
      long found = table[slot];
      if (found == key) {
        return values[slot];
      }
      if (found == ABSENT) {
        return ABSENT;
      }
    }
  }

  /** Keeps the first value a key was given. */
  void putIfAbsent(long key, long value) {
    if (2 * size >= keys.length) {
      grow();
    }
    int mask = keys.length - 1;
    int slot = slot(key, mask);
    while (keys[slot] != ABSENT) {
      if (keys[slot] == key) {
        return;
      }
      slot = slot + 1 & mask;
    }
    keys[slot] = key;
    values[slot] = value;
    size++;
  }

  int size() {
    return size;
  }

  private void grow() {
    LongMap bigger = new LongMap(keys.length);
    for (int i = 0; i < keys.length; i++) {
      if (keys[i] != ABSENT) {
        bigger.putIfAbsent(keys[i], values[i]);
      }
    }
    keys = bigger.keys;
    values = bigger.values;
  }

  private static int slot(long key, int mask) {
    long mixed = key * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 32 ^ mixed) & mask;
  }
}
