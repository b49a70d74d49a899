package dev.hadal.backend.simd;

/** F16 numbers in memory, written from floats. */
final class Halves {
  private Halves() {}

  static void write(float[] from, int at, long to, int count) {
    for (int i = 0; i < count; i++) {
      Memory.ALL.set(Memory.SHORT, to + 2L * i, Float.floatToFloat16(from[at + i]));
    }
  }
}
