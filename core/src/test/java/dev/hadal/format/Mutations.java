package dev.hadal.format;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/**
 * Ways to damage a file: a window of its bytes is changed and put back afterwards, so that a file
 * of megabytes costs no more than its window. Damage keeps to the part that readers parse.
 */
final class Mutations {
  private static final long[] NUMBERS = {
    0,
    1,
    2,
    7,
    8,
    9,
    10,
    16,
    31,
    32,
    33,
    127,
    128,
    255,
    256,
    0x7fff,
    0xffff,
    0x7fff_ffffL,
    0x8000_0000L,
    0xffff_ffffL,
    1L << 32,
    1L << 40,
    1L << 62,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1,
    -2
  };
  private static final int WINDOW = 4096;

  private final MemorySegment bytes;
  private final long parsed;
  private final Random random;
  private final byte[] kept = new byte[WINDOW];

  /**
   * @param parsed so many first bytes are what a reader looks at
   */
  Mutations(byte[] file, long parsed, long seed) {
    this.bytes = memory(file);
    this.parsed = parsed;
    this.random = new Random(seed);
  }

  /** The same bytes off the heap, as a mapped file has them. */
  static MemorySegment memory(byte[] bytes) {
    return Arena.ofAuto().allocate(bytes.length, 8).copyFrom(MemorySegment.ofArray(bytes));
  }

  /** A case: what reads the damaged file. */
  @FunctionalInterface
  interface Reader {
    void read(MemorySegment damaged);
  }

  void next(Reader reader) {
    int size = (int) Math.min(WINDOW, parsed);
    long at = random.nextLong(Math.max(1, parsed - size + 1));
    MemorySegment window = bytes.asSlice(at, size);
    MemorySegment.copy(window, ValueLayout.JAVA_BYTE, 0, kept, 0, size);
    try {
      long length = bytes.byteSize();
      int changes = 1 + random.nextInt(3);
      for (int i = 0; i < changes; i++) {
        if (random.nextInt(12) == 0) {
          length = random.nextLong(random.nextBoolean() ? parsed : bytes.byteSize());
        } else {
          change(window, size);
        }
      }
      reader.read(bytes.asSlice(0, length));
    } finally {
      MemorySegment.copy(kept, 0, window, ValueLayout.JAVA_BYTE, 0, size);
    }
  }

  private void change(MemorySegment window, int size) {
    int at = random.nextInt(size - 8);
    long number = NUMBERS[random.nextInt(NUMBERS.length)];
    switch (random.nextInt(7)) {
      case 0 -> flip(window, at);
      case 1 -> window.set(ValueLayout.JAVA_BYTE, at, (byte) number);
      case 2 -> window.set(GgufCursor.INT, at, (int) number);
      case 3 -> window.set(GgufCursor.LONG, at, number);
      case 4 -> window.set(ValueLayout.JAVA_BYTE, at, (byte) ('0' + random.nextInt(10)));
      case 5 -> {
        int length = 1 + random.nextInt(size - at);
        MemorySegment.copy(window, random.nextInt(size - length + 1), window, at, length);
      }
      default -> {
        for (int i = 0; i < 1 + random.nextInt(8); i++) {
          flip(window, random.nextInt(size));
        }
      }
    }
  }

  private void flip(MemorySegment window, int at) {
    byte old = window.get(ValueLayout.JAVA_BYTE, at);
    window.set(ValueLayout.JAVA_BYTE, at, (byte) (old ^ 1 << random.nextInt(8)));
  }
}
