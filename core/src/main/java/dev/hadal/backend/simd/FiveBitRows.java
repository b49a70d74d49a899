package dev.hadal.backend.simd;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Unpacks Q4_1, Q5_0 and Q5_1: blocks of 32 numbers, an F16 d, an F16 minimum (the _1 types), 32
 * fifth bits (the Q5 types), 16 bytes of nibbles as in {@link Q4_0Rows}; number = d q + minimum, or
 * d (q - 16) for Q5_0.
 */
final class FiveBitRows {
  private static final VectorSpecies<Integer> INTS = Lanes.BLOCK_INTS;
  private static final int LANES = Lanes.BLOCK_COUNT;
  private static final IntVector LANE = IntVector.zero(INTS).addIndex(1);

  private FiveBitRows() {}

  static void q4_1(long w, float[] to, int at, int count) {
    for (int b = 0; b < count / 32; b++) {
      long block = w + 20L * b;
      block(block + 4, 0, half(block), half(block + 2), to, at + 32 * b);
    }
  }

  static void q5_0(long w, float[] to, int at, int count) {
    for (int b = 0; b < count / 32; b++) {
      long block = w + 22L * b;
      float d = half(block);
      block(block + 6, Memory.ALL.get(Memory.INT, block + 2), d, -16 * d, to, at + 32 * b);
    }
  }

  static void q5_1(long w, float[] to, int at, int count) {
    for (int b = 0; b < count / 32; b++) {
      long block = w + 24L * b;
      int fifth = Memory.ALL.get(Memory.INT, block + 4);
      block(block + 8, fifth, half(block), half(block + 2), to, at + 32 * b);
    }
  }

  private static float half(long address) {
    return Float.float16ToFloat(Memory.ALL.get(Memory.SHORT, address));
  }

  private static void block(long nibbles, int fifth, float d, float min, float[] to, int at) {
    for (int i = 0; i < 16; i += 8) {
      ByteVector bytes =
          ByteVector.fromMemorySegment(
              ByteVector.SPECIES_64, Memory.ALL, nibbles + i, Memory.ORDER);
      for (int part = 0; part < 8 / LANES; part++) {
        IntVector q = (IntVector) bytes.convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, part);
        int first = i + part * LANES;
        IntVector bits =
            IntVector.broadcast(INTS, fifth >>> first).lanewise(VectorOperators.LSHR, LANE);
        ((FloatVector)
                q.and(15)
                    .or(bits.and(1).lanewise(VectorOperators.LSHL, 4))
                    .convert(VectorOperators.I2F, 0))
            .mul(d)
            .add(min)
            .intoArray(to, at + first);
        ((FloatVector)
                q.lanewise(VectorOperators.LSHR, 4)
                    .or(bits.lanewise(VectorOperators.LSHR, 12).and(16))
                    .convert(VectorOperators.I2F, 0))
            .mul(d)
            .add(min)
            .intoArray(to, at + first + 16);
      }
    }
  }
}
