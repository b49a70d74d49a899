package dev.hadal.tensor.quant;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Little-endian reading and writing of the few field types that blocks are made of. */
final class Bits {
  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Bits() {}

  static int u8(MemorySegment s, long offset) {
    return s.get(JAVA_BYTE, offset) & 0xff;
  }

  static int s8(MemorySegment s, long offset) {
    return s.get(JAVA_BYTE, offset);
  }

  static void put8(MemorySegment s, long offset, int value) {
    s.set(JAVA_BYTE, offset, (byte) value);
  }

  static float f16(MemorySegment s, long offset) {
    return Float.float16ToFloat(s.get(SHORT, offset));
  }

  /** Stores a half float and returns what was stored: later roundings must start from that. */
  static float putF16(MemorySegment s, long offset, float value) {
    short half = Float.floatToFloat16(value);
    s.set(SHORT, offset, half);
    return Float.float16ToFloat(half);
  }

  /** The nearest whole number, halves to even, limited to [low, high]. */
  static int nearest(float value, int low, int high) {
    return Math.clamp((int) Math.rint(value), low, high);
  }
}
