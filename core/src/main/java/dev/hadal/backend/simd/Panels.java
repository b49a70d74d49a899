package dev.hadal.backend.simd;

import dev.hadal.tensor.DType;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

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
      case Q4_1 -> FiveBitRows.q4_1(from, to, at, count);
      case Q5_0 -> FiveBitRows.q5_0(from, to, at, count);
      case Q5_1 -> FiveBitRows.q5_1(from, to, at, count);
      case Q2_K -> KRows.q2_K(from, to, at, count);
      case Q3_K -> KRows.q3_K(from, to, at, count);
      case Q5_K -> KRows.q5_K(from, to, at, count);
      case IQ4_NL -> TableRows.iq4_nl(from, to, at, count);
      case IQ4_XS -> TableRows.iq4_xs(from, to, at, count);
      case MXFP4 -> TableRows.mxfp4(from, to, at, count);
      case F8_E4M3 -> TableRows.e4m3(from, to, at, count);
      case F8_E8M0 -> TableRows.e8m0(from, to, at, count);
      case I32 -> throw new IllegalArgumentException("I32 holds whole numbers, not weights");
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

  static void bf16(long from, float[] to, int at, int count) {
    int i = 0;
    for (; i <= count - 8; i += 8) {
      ShortVector bits =
          ShortVector.fromMemorySegment(
              ShortVector.SPECIES_128, Memory.ALL, from + 2L * i, Memory.ORDER);
      for (int part = 0; part < 8 / Lanes.BLOCK_COUNT; part++) {
        ((IntVector) bits.castShape(Lanes.BLOCK_INTS, part))
            .lanewise(VectorOperators.LSHL, 16)
            .reinterpretAsFloats()
            .intoArray(to, at + i + part * Lanes.BLOCK_COUNT);
      }
    }
    for (; i < count; i++) {
      to[at + i] = Float.intBitsToFloat(Memory.ALL.get(Memory.SHORT, from + 2L * i) << 16);
    }
  }
}
