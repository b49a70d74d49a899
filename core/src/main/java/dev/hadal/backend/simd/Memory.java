package dev.hadal.backend.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The whole address space as one segment: no lookup and no liveness check stands in a loop. */
final class Memory {
  @SuppressWarnings("restricted") // kernels get tensors that were checked, and stay inside them
  static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ORDER);
  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ORDER);
  static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ORDER);

  private Memory() {}

  /** Copies {@code count} floats from an address. */
  static void read(long address, float[] to, int at, int count) {
    MemorySegment.copy(ALL, FLOAT, address, to, at, count);
  }

  /** Copies {@code count} floats to an address. */
  static void write(float[] from, int at, long address, int count) {
    MemorySegment.copy(from, at, ALL, FLOAT, address, count);
  }
}
