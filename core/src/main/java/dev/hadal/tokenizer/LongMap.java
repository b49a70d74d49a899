package dev.hadal.tokenizer;

import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * A hash map from non-negative longs to non-negative longs, open addressing; absent is {@link
 * #ABSENT}. Most looks while merging are for pairs that do not exist, and a filter of a few bits a
 * key answers nearly all of them from the nearest cache.
 */
final class LongMap {
  static final long ABSENT = -1;

  /** Key and value side by side, so that a look costs one cache line. */
  private long[] table;

  /** A bit is set when some key hashes to it. */
  private long[] filter;

  private int size;

  LongMap(int expected) {
    table = new long[Integer.highestOneBit(Math.max(8, expected + expected / 2)) << 2];
    filter = new long[Math.max(1, table.length >> 5)];
    Arrays.fill(table, ABSENT);
  }

  long get(long key) {
    long hash = hash(key);
    if ((filter[(int) (hash >>> 6) & filter.length - 1] >>> hash & 1) == 0) {
      return ABSENT;
    }
    long[] entries = table;
    int mask = entries.length - 2;
    for (int slot = slot(hash, mask); ; slot = slot + 2 & mask) {
      long found = entries[slot];
      if (found == key) {
        return entries[slot + 1];
      }
      if (found == ABSENT) {
        return ABSENT;
      }
    }
  }

  /** Keeps the first value a key was given. */
  void putIfAbsent(long key, long value) {
    if (8L * size >= 3L * table.length) {
      grow();
    }
    long hash = hash(key);
    int mask = table.length - 2;
    int slot = slot(hash, mask);
    while (table[slot] != ABSENT) {
      if (table[slot] == key) {
        return;
      }
      slot = slot + 2 & mask;
    }
    table[slot] = key;
    table[slot + 1] = value;
    filter[(int) (hash >>> 6) & filter.length - 1] |= 1L << hash;
    size++;
  }

  /** Every key, in no order. */
  void forEachKey(LongConsumer action) {
    for (int i = 0; i < table.length; i += 2) {
      if (table[i] != ABSENT) {
        action.accept(table[i]);
      }
    }
  }

  int size() {
    return size;
  }

  private void grow() {
    LongMap bigger = new LongMap(table.length / 2);
    for (int i = 0; i < table.length; i += 2) {
      if (table[i] != ABSENT) {
        bigger.putIfAbsent(table[i], table[i + 1]);
      }
    }
    table = bigger.table;
    filter = bigger.filter;
  }

  private static long hash(long key) {
    long mixed = (key ^ key >>> 29) * 0x9E3779B97F4A7C15L;
    return mixed ^ mixed >>> 32;
  }

  private static int slot(long hash, int mask) {
    return (int) (hash >>> 11) & mask;
  }
}
