package dev.hadal.backend.simd;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Rows of Q4_0: blocks of 32 numbers, an F16 scale d and 16 bytes; number i is in the low half of
 * byte i, number 16 + i in its high half; number = d (nibble - 8).
 *
 * <p>The 8 is taken out of the loop: w . x = sum over blocks of d (nibbles . x - 8 sum x), with the
 * sums of x made once ({@link #prepare}).
 */
final class Q4_0Rows {
  private static final int BLOCK_BYTES = 18;

  private static final VectorSpecies<Float> FLOATS = Lanes.BLOCK_FLOATS;
  private static final VectorSpecies<Integer> INTS = Lanes.BLOCK_INTS;
  private static final int LANES = Lanes.BLOCK_COUNT;

  private Q4_0Rows() {}

  /** sums: of every 32 numbers. permuted: at 128 bits, see {@link #dot4}. */
  static void prepare(Activations x) {
    x.room(32);
    for (int b = 0; b < x.inputs / 32; b++) {
      int from = x.base + 32 * b;
      float sum = 0;
      for (int i = 0; i < 32; i++) {
        sum += x.values[from + i];
      }
      x.sums[b] = sum;
      for (int k = 0; k < 8; k++) {
        for (int j = 0; j < 4; j++) {
          x.permuted[32 * b + 4 * k + j] = x.values[from + 4 * j + k / 2 + 16 * (k % 2)];
        }
      }
    }
  }

  /** c_r = w_r . x for {@code rows} rows; a vector behind them is for sums. */
  static void multiply(long w, long rowBytes, int rows, Activations x, float[] c) {
    int blocks = x.inputs / 32;
    for (int r = 0; r < rows; r++) {
      c[r] =
          LANES == 8
              ? dot8(w + r * rowBytes, x.values, x.base, x.sums, blocks, c, rows)
              : dot4(w + r * rowBytes, x.permuted, x.sums, blocks, c, rows);
    }
  }

  private static float dot8(
      long w, float[] x, int xAt, float[] sums, int blocks, float[] c, int spare) {
    FloatVector sum = FloatVector.zero(FLOATS);
    float eights = 0;
    for (int b = 0; b < blocks; b++) {
      long block = w + (long) BLOCK_BYTES * b;
      int at = xAt + 32 * b;
      float d = Float.float16ToFloat(Memory.ALL.get(Memory.SHORT, block));
      IntVector q =
          (IntVector)
              ByteVector.fromMemorySegment(
                      ByteVector.SPECIES_64, Memory.ALL, block + 2, Memory.ORDER)
                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
      FloatVector part =
          ((FloatVector) q.lanewise(VectorOperators.AND, 15).convert(VectorOperators.I2F, 0))
              .mul(FloatVector.fromArray(FLOATS, x, at));
      part =
          ((FloatVector) q.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
              .fma(FloatVector.fromArray(FLOATS, x, at + 16), part);
      q =
          (IntVector)
              ByteVector.fromMemorySegment(
                      ByteVector.SPECIES_64, Memory.ALL, block + 10, Memory.ORDER)
                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
      part =
          ((FloatVector) q.lanewise(VectorOperators.AND, 15).convert(VectorOperators.I2F, 0))
              .fma(FloatVector.fromArray(FLOATS, x, at + 8), part);
      part =
          ((FloatVector) q.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
              .fma(FloatVector.fromArray(FLOATS, x, at + 24), part);
      sum = part.fma(FloatVector.broadcast(FLOATS, d), sum);
      eights += d * sums[b];
    }
    sum.intoArray(c, spare);
    return Lanes.blockSum(c, spare) - 8 * eights;
  }

  /**
   * At 128 bits one load of four ints is a block; nibble k of int j is number 4 j + k / 2 (+ 16).
   */
  private static float dot4(long w, float[] x, float[] sums, int blocks, float[] c, int spare) {
    FloatVector sum = FloatVector.zero(FLOATS);
    float eights = 0;
    for (int b = 0; b < blocks; b++) {
      long block = w + (long) BLOCK_BYTES * b;
      float d = Float.float16ToFloat(Memory.ALL.get(Memory.SHORT, block));
      IntVector q = IntVector.fromMemorySegment(INTS, Memory.ALL, block + 2, Memory.ORDER);
      FloatVector part = FloatVector.zero(FLOATS);
      for (int k = 0; k < 8; k++) {
        part =
            ((FloatVector)
                    q.lanewise(VectorOperators.LSHR, 4 * k)
                        .lanewise(VectorOperators.AND, 15)
                        .convert(VectorOperators.I2F, 0))
                .fma(FloatVector.fromArray(FLOATS, x, 32 * b + 4 * k), part);
      }
      sum = part.fma(FloatVector.broadcast(FLOATS, d), sum);
      eights += d * sums[b];
    }
    sum.intoArray(c, spare);
    return Lanes.blockSum(c, spare) - 8 * eights;
  }

  static void unpack(long w, float[] to, int at, int count) {
    for (int b = 0; b < count / 32; b++) {
      long block = w + (long) BLOCK_BYTES * b;
      float d = Float.float16ToFloat(Memory.ALL.get(Memory.SHORT, block));
      for (int i = 0; i < 16; i += 8) {
        ByteVector bytes =
            ByteVector.fromMemorySegment(
                ByteVector.SPECIES_64, Memory.ALL, block + 2 + i, Memory.ORDER);
        for (int part = 0; part < 8 / LANES; part++) {
          IntVector q = (IntVector) bytes.convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, part);
          int start = at + 32 * b + i + part * LANES;
          ((FloatVector) q.lanewise(VectorOperators.AND, 15).convert(VectorOperators.I2F, 0))
              .sub(8f)
              .mul(d)
              .intoArray(to, start);
          ((FloatVector) q.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
              .sub(8f)
              .mul(d)
              .intoArray(to, start + 16);
        }
      }
    }
  }
}
