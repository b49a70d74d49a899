package dev.hadal.backend.simd;

import dev.hadal.tensor.DType;
import dev.hadal.tensor.quant.Quants;

/** Unpacks weights of any type into floats. */
final class Panels {
  private Panels() {}

  /** {@code count} numbers, whole blocks, from an address. */
  static void unpack(DType type, long from, float[] to, int at, int count) {
    switch (type) {
      case F32 -> Memory.read(from, to, at, count);
      case F16 -> f16(from, to, at, count);
      case BF16 -> bf16(from, to, at, count);
      case Q8_0 -> Q8_0Rows.unpack(from, to, at, count);
      case Q4_0 -> Q4_0Rows.unpack(from, to, at, count);
      case Q4_K -> Q4_KRows.unpack(from, to, at, count);
      case Q6_K -> Q6_KRows.unpack(from, to, at, count);
      default -> Quants.codec(type).decode(Memory.ALL, from, to, at, count);
    }
  }

  // The compiler turns this loop into hardware conversions; the Vector API has no F16 yet, and by
  // bit tricks numbers below 6e-5 cost an assist on some machines. It does so from memory into an
  // array (10 G numbers/s), not from memory into memory (1.5).
  static void f16(long from, float[] to, int at, int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] = Float.float16ToFloat(Memory.ALL.get(Memory.SHORT, from + 2L * i));
    }
  }

  private static void bf16(long from, float[] to, int at, int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] = Float.intBitsToFloat(Memory.ALL.get(Memory.SHORT, from + 2L * i) << 16);
    }
  }
}
