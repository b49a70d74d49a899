package dev.hadal.backend.simd;

import dev.hadal.tensor.DType;

/** Rows of numbers of the cache, written from floats in its type. */
final class CacheRows {
  private static final int BLOCK = 32;

  private CacheRows() {}

  static void write(DType type, float[] from, int at, long to, int count) {
    if (type == DType.F16) {
      Halves.write(from, at, to, count);
      return;
    }
    for (int i = 0; i < count; i += BLOCK) {
      eightBits(from, at + i, to + type.bytes(i));
    }
  }

  // Scaled so that the largest becomes 127, as Q8_0 weights are.
  private static void eightBits(float[] from, int at, long to) {
    float largest = 0;
    for (int i = 0; i < BLOCK; i++) {
      largest = Math.max(largest, Math.abs(from[at + i]));
    }
    float inverse = largest == 0 ? 0 : 127 / largest;
    Memory.ALL.set(Memory.SHORT, to, Float.floatToFloat16(largest / 127));
    for (int i = 0; i < BLOCK; i++) {
      Memory.ALL.set(Memory.BYTE, to + 2 + i, (byte) Math.round(from[at + i] * inverse));
    }
  }
}
