package dev.hadal.backend.simd;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Rows of Q8_0: blocks of 32 numbers, an F16 scale d and 32 signed bytes; number = d q.
 *
 * <p>A vector of ints loads a block at once; each of an int's four bytes is moved to the top, where
 * it is a signed number times 2^24, and converted. So lane j of the s-th vector holds number 4 j +
 * s of its group, activations are brought into that order once ({@link #prepare}), and 2^-24 joins
 * the scale. That is five operations for a vector of numbers instead of the six of widening loads.
 */
final class Q8_0Rows {
  private static final int BLOCK_BYTES = 34;
  private static final int TOP = 0xff000000;
  private static final float BYTE_AT_TOP = 0x1p-24f;

  private static final VectorSpecies<Float> FLOATS = Lanes.BLOCK_FLOATS;
  private static final VectorSpecies<Integer> INTS = Lanes.BLOCK_INTS;
  private static final int LANES = Lanes.BLOCK_COUNT;

  private Q8_0Rows() {}

  /** permuted: in every group of 4 LANES numbers, those of one byte place side by side. */
  static void prepare(Activations x) {
    x.room(32);
    for (int group = 0; group < x.inputs; group += 4 * LANES) {
      for (int s = 0; s < 4; s++) {
        for (int j = 0; j < LANES; j++) {
          x.permuted[group + s * LANES + j] = x.values[x.base + group + 4 * j + s];
        }
      }
    }
  }

  /** c_r = w_r . x for {@code rows} rows; a vector behind them is for sums. */
  static void multiply(long w, long rowBytes, int rows, Activations x, float[] c) {
    for (int r = 0; r < rows; r++) {
      c[r] = dot(w + r * rowBytes, x.permuted, x.inputs / 32, c, rows);
    }
  }

  private static float dot(long w, float[] x, int blocks, float[] c, int spare) {
    FloatVector sum = FloatVector.zero(FLOATS);
    for (int b = 0; b < blocks; b++) {
      long block = w + (long) BLOCK_BYTES * b;
      FloatVector d =
          FloatVector.broadcast(
              FLOATS, BYTE_AT_TOP * Float.float16ToFloat(Memory.ALL.get(Memory.SHORT, block)));
      for (int i = 0; i < 32; i += 4 * LANES) {
        IntVector q = IntVector.fromMemorySegment(INTS, Memory.ALL, block + 2 + i, Memory.ORDER);
        int at = 32 * b + i;
        FloatVector part =
            ((FloatVector) q.lanewise(VectorOperators.LSHL, 24).convert(VectorOperators.I2F, 0))
                .mul(FloatVector.fromArray(FLOATS, x, at));
        part =
            ((FloatVector)
                    q.lanewise(VectorOperators.LSHL, 16)
                        .lanewise(VectorOperators.AND, TOP)
                        .convert(VectorOperators.I2F, 0))
                .fma(FloatVector.fromArray(FLOATS, x, at + LANES), part);
        part =
            ((FloatVector)
                    q.lanewise(VectorOperators.LSHL, 8)
                        .lanewise(VectorOperators.AND, TOP)
                        .convert(VectorOperators.I2F, 0))
                .fma(FloatVector.fromArray(FLOATS, x, at + 2 * LANES), part);
        part =
            ((FloatVector) q.lanewise(VectorOperators.AND, TOP).convert(VectorOperators.I2F, 0))
                .fma(FloatVector.fromArray(FLOATS, x, at + 3 * LANES), part);
        sum = part.fma(d, sum);
      }
    }
    sum.intoArray(c, spare);
    return Lanes.blockSum(c, spare);
  }

  static void unpack(long w, float[] to, int at, int count) {
    for (int b = 0; b < count / 32; b++) {
      long block = w + (long) BLOCK_BYTES * b;
      float d = Float.float16ToFloat(Memory.ALL.get(Memory.SHORT, block));
      for (int i = 0; i < 32; i += 8) {
        ByteVector q =
            ByteVector.fromMemorySegment(
                ByteVector.SPECIES_64, Memory.ALL, block + 2 + i, Memory.ORDER);
        for (int part = 0; part < 8 / LANES; part++) {
          ((FloatVector) q.castShape(FLOATS, part))
              .mul(d)
              .intoArray(to, at + 32 * b + i + part * LANES);
        }
      }
    }
  }
}
