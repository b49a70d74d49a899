package dev.hadal.backend.jit;

import dev.hadal.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** Floats at addresses; kernels' own, so they are not checked. */
final class Floats {
  @SuppressWarnings("restricted") // kernels get tensors that were checked, and stay inside them
  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private Floats() {}

  static float get(long address) {
    return ALL.get(Tensor.FLOAT, address);
  }

  static void set(long address, float value) {
    ALL.set(Tensor.FLOAT, address, value);
  }

  static void copy(long from, long to, int count) {
    MemorySegment.copy(ALL, from, ALL, to, 4L * count);
  }

  static void copy(float[] from, int at, long to, int count) {
    MemorySegment.copy(from, at, ALL, Tensor.FLOAT, to, count);
  }

  static void copy(long from, float[] to, int at, int count) {
    MemorySegment.copy(ALL, Tensor.FLOAT, from, to, at, count);
  }

  /** to_i += values_(at + i). */
  static void add(long to, float[] values, int at, int count) {
    for (int i = 0; i < count; i++) {
      set(to + 4L * i, get(to + 4L * i) + values[at + i]);
    }
  }

  /** to_i += weight from_i. */
  static void addScaled(long to, float weight, long from, int count) {
    for (int i = 0; i < count; i++) {
      set(to + 4L * i, get(to + 4L * i) + weight * get(from + 4L * i));
    }
  }

  static void clear(long to, int count) {
    ALL.asSlice(to, 4L * count).fill((byte) 0);
  }
}
