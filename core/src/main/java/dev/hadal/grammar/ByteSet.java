package dev.hadal.grammar;

/** A set of byte values, a bit each. */
record ByteSet(long a, long b, long c, long d) {
  static final ByteSet NONE = new ByteSet(0, 0, 0, 0);

  static ByteSet of(int value) {
    return range(value, value);
  }

  /** The values from {@code low} to {@code high}, both included. */
  static ByteSet range(int low, int high) {
    long[] words = new long[4];
    for (int i = low; i <= high; i++) {
      words[i >> 6] |= 1L << i;
    }
    return new ByteSet(words[0], words[1], words[2], words[3]);
  }

  boolean contains(int value) {
    long word =
        switch (value >> 6) {
          case 0 -> a;
          case 1 -> b;
          case 2 -> c;
          default -> d;
        };
    return (word >>> value & 1) != 0;
  }

  ByteSet or(ByteSet other) {
    return new ByteSet(a | other.a, b | other.b, c | other.c, d | other.d);
  }
}
