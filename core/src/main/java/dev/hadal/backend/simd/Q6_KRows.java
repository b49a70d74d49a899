package dev.hadal.backend.simd;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Rows of Q6_K: blocks of 256 numbers in two halves; 128 bytes of low nibbles, 64 bytes of upper
 * bit pairs, sixteen signed byte scales, an F16 d; number = d scale (q - 32). In a half, quarter u
 * of 32 numbers has its nibbles in bytes 32 (u mod 2) on (low halves for u < 2, else high) and its
 * bit pair at 2 u of the upper bytes.
 *
 * <p>Nibbles and pairs are put together four bytes at a time inside ints; the six bits are then
 * masked where they stand and converted there, as in {@link Q4_KRows}. The 32 is taken out of the
 * loop with sums of 16 numbers.
 */
final class Q6_KRows {
  private static final int BLOCK_BYTES = 210;
  private static final int SCALES = 192;
  private static final int NIBBLES = 0x0f0f0f0f;
  private static final int PAIRS = 0x30303030;

  private static final VectorSpecies<Float> FLOATS = Lanes.BLOCK_FLOATS;
  private static final VectorSpecies<Integer> INTS = Lanes.BLOCK_INTS;
  private static final int LANES = Lanes.BLOCK_COUNT;

  /** Lanes that hold the second sixteen numbers of a load; none at 128 bits. */
  private static final VectorMask<Float> SECOND =
      VectorMask.fromLong(FLOATS, LANES == 8 ? 0xf0 : 0);

  private Q6_KRows() {}

  /** sums: of every 16 numbers. permuted: by byte place in a load, over 256^place. */
  static void prepare(Activations x) {
    x.room(16);
    for (int group = 0; group < x.inputs; group += 4 * LANES) {
      for (int s = 0; s < 4; s++) {
        float inverse = s == 0 ? 1 : s == 1 ? 0x1p-8f : s == 2 ? 0x1p-16f : 0x1p-24f;
        for (int j = 0; j < LANES; j++) {
          x.permuted[group + s * LANES + j] = x.values[x.base + group + 4 * j + s] * inverse;
        }
      }
    }
    for (int b = 0; b < x.inputs / 16; b++) {
      float sum = 0;
      for (int i = 0; i < 16; i++) {
        sum += x.values[x.base + 16 * b + i];
      }
      x.sums[b] = sum;
    }
  }

  /** c_r = w_r . x for {@code rows} rows; a vector behind them is for sums. */
  static void multiply(long w, long rowBytes, int rows, Activations x, float[] c) {
    for (int r = 0; r < rows; r++) {
      c[r] = dot(w + r * rowBytes, x.permuted, x.sums, x.inputs / 256, c, rows);
    }
  }

  private static float dot(long w, float[] x, float[] sums, int blocks, float[] out, int spare) {
    FloatVector sum = FloatVector.zero(FLOATS);
    float below = 0;
    for (int b = 0; b < blocks; b++) {
      long block = w + (long) BLOCK_BYTES * b;
      float d = Float.float16ToFloat(Memory.ALL.get(Memory.SHORT, block + 208));
      float least = 0;
      for (int i = 0; i < 16; i++) {
        least += Memory.ALL.get(Memory.BYTE, block + SCALES + i) * sums[16 * b + i];
      }
      below += d * least;
      for (int half = 0; half < 2; half++) {
        for (int i = 0; i < 32; i += 4 * LANES) {
          long nibbles = block + 64L * half + i;
          IntVector a = IntVector.fromMemorySegment(INTS, Memory.ALL, nibbles, Memory.ORDER);
          IntVector c = IntVector.fromMemorySegment(INTS, Memory.ALL, nibbles + 32, Memory.ORDER);
          IntVector h =
              IntVector.fromMemorySegment(
                  INTS, Memory.ALL, block + 128 + 32L * half + i, Memory.ORDER);
          long scale = block + SCALES + 8L * half + i / 16;
          int at = 256 * b + 128 * half + i;
          IntVector q =
              a.lanewise(VectorOperators.AND, NIBBLES)
                  .or(h.lanewise(VectorOperators.LSHL, 4).lanewise(VectorOperators.AND, PAIRS));
          FloatVector part =
              ((FloatVector) q.lanewise(VectorOperators.AND, 0x3f).convert(VectorOperators.I2F, 0))
                  .mul(FloatVector.fromArray(FLOATS, x, at));
          part =
              ((FloatVector)
                      q.lanewise(VectorOperators.AND, 0x3f00).convert(VectorOperators.I2F, 0))
                  .fma(FloatVector.fromArray(FLOATS, x, at + LANES), part);
          part =
              ((FloatVector)
                      q.lanewise(VectorOperators.AND, 0x3f0000).convert(VectorOperators.I2F, 0))
                  .fma(FloatVector.fromArray(FLOATS, x, at + 2 * LANES), part);
          part =
              ((FloatVector)
                      q.lanewise(VectorOperators.AND, 0x3f000000).convert(VectorOperators.I2F, 0))
                  .fma(FloatVector.fromArray(FLOATS, x, at + 3 * LANES), part);
          sum =
              part.fma(
                  FloatVector.broadcast(FLOATS, d * Memory.ALL.get(Memory.BYTE, scale))
                      .blend(d * Memory.ALL.get(Memory.BYTE, scale + 1), SECOND),
                  sum);
          q =
              c.lanewise(VectorOperators.AND, NIBBLES)
                  .or(h.lanewise(VectorOperators.LSHL, 2).lanewise(VectorOperators.AND, PAIRS));
          part =
              ((FloatVector) q.lanewise(VectorOperators.AND, 0x3f).convert(VectorOperators.I2F, 0))
                  .mul(FloatVector.fromArray(FLOATS, x, at + 32));
          part =
              ((FloatVector)
                      q.lanewise(VectorOperators.AND, 0x3f00).convert(VectorOperators.I2F, 0))
                  .fma(FloatVector.fromArray(FLOATS, x, at + 32 + LANES), part);
          part =
              ((FloatVector)
                      q.lanewise(VectorOperators.AND, 0x3f0000).convert(VectorOperators.I2F, 0))
                  .fma(FloatVector.fromArray(FLOATS, x, at + 32 + 2 * LANES), part);
          part =
              ((FloatVector)
                      q.lanewise(VectorOperators.AND, 0x3f000000).convert(VectorOperators.I2F, 0))
                  .fma(FloatVector.fromArray(FLOATS, x, at + 32 + 3 * LANES), part);
          sum =
              part.fma(
                  FloatVector.broadcast(FLOATS, d * Memory.ALL.get(Memory.BYTE, scale + 2))
                      .blend(d * Memory.ALL.get(Memory.BYTE, scale + 3), SECOND),
                  sum);
          q =
              a.lanewise(VectorOperators.LSHR, 4)
                  .lanewise(VectorOperators.AND, NIBBLES)
                  .or(h.lanewise(VectorOperators.AND, PAIRS));
          part =
              ((FloatVector) q.lanewise(VectorOperators.AND, 0x3f).convert(VectorOperators.I2F, 0))
                  .mul(FloatVector.fromArray(FLOATS, x, at + 64));
          part =
              ((FloatVector)
                      q.lanewise(VectorOperators.AND, 0x3f00).convert(VectorOperators.I2F, 0))
                  .fma(FloatVector.fromArray(FLOATS, x, at + 64 + LANES), part);
          part =
              ((FloatVector)
                      q.lanewise(VectorOperators.AND, 0x3f0000).convert(VectorOperators.I2F, 0))
                  .fma(FloatVector.fromArray(FLOATS, x, at + 64 + 2 * LANES), part);
          part =
              ((FloatVector)
                      q.lanewise(VectorOperators.AND, 0x3f000000).convert(VectorOperators.I2F, 0))
                  .fma(FloatVector.fromArray(FLOATS, x, at + 64 + 3 * LANES), part);
          sum =
              part.fma(
                  FloatVector.broadcast(FLOATS, d * Memory.ALL.get(Memory.BYTE, scale + 4))
                      .blend(d * Memory.ALL.get(Memory.BYTE, scale + 5), SECOND),
                  sum);
          q =
              c.lanewise(VectorOperators.LSHR, 4)
                  .lanewise(VectorOperators.AND, NIBBLES)
                  .or(h.lanewise(VectorOperators.LSHR, 2).lanewise(VectorOperators.AND, PAIRS));
          part =
              ((FloatVector) q.lanewise(VectorOperators.AND, 0x3f).convert(VectorOperators.I2F, 0))
                  .mul(FloatVector.fromArray(FLOATS, x, at + 96));
          part =
              ((FloatVector)
                      q.lanewise(VectorOperators.AND, 0x3f00).convert(VectorOperators.I2F, 0))
                  .fma(FloatVector.fromArray(FLOATS, x, at + 96 + LANES), part);
          part =
              ((FloatVector)
                      q.lanewise(VectorOperators.AND, 0x3f0000).convert(VectorOperators.I2F, 0))
                  .fma(FloatVector.fromArray(FLOATS, x, at + 96 + 2 * LANES), part);
          part =
              ((FloatVector)
                      q.lanewise(VectorOperators.AND, 0x3f000000).convert(VectorOperators.I2F, 0))
                  .fma(FloatVector.fromArray(FLOATS, x, at + 96 + 3 * LANES), part);
          sum =
              part.fma(
                  FloatVector.broadcast(FLOATS, d * Memory.ALL.get(Memory.BYTE, scale + 6))
                      .blend(d * Memory.ALL.get(Memory.BYTE, scale + 7), SECOND),
                  sum);
        }
      }
    }
    sum.intoArray(out, spare);
    return Lanes.blockSum(out, spare) - 32 * below;
  }

  static void unpack(long w, float[] to, int at, int count) {
    for (int b = 0; b < count / 256; b++) {
      long block = w + (long) BLOCK_BYTES * b;
      float d = Float.float16ToFloat(Memory.ALL.get(Memory.SHORT, block + 208));
      for (int half = 0; half < 2; half++) {
        for (int i = 0; i < 32; i += 8) {
          unpackEights(block, half, i, d, to, at + 256 * b + 128 * half + i);
        }
      }
    }
  }

  /** Eight numbers of each quarter. */
  private static void unpackEights(long block, int half, int i, float d, float[] to, int at) {
    long nibbles = block + 64L * half + i;
    long scale = block + SCALES + 8L * half + i / 16;
    float s0 = d * Memory.ALL.get(Memory.BYTE, scale);
    float s1 = d * Memory.ALL.get(Memory.BYTE, scale + 2);
    float s2 = d * Memory.ALL.get(Memory.BYTE, scale + 4);
    float s3 = d * Memory.ALL.get(Memory.BYTE, scale + 6);
    ByteVector first =
        ByteVector.fromMemorySegment(ByteVector.SPECIES_64, Memory.ALL, nibbles, Memory.ORDER);
    ByteVector second =
        ByteVector.fromMemorySegment(ByteVector.SPECIES_64, Memory.ALL, nibbles + 32, Memory.ORDER);
    ByteVector upper =
        ByteVector.fromMemorySegment(
            ByteVector.SPECIES_64, Memory.ALL, block + 128 + 32L * half + i, Memory.ORDER);
    for (int part = 0; part < 8 / LANES; part++) {
      IntVector a = (IntVector) first.convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, part);
      IntVector c = (IntVector) second.convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, part);
      IntVector h = (IntVector) upper.convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, part);
      int start = at + part * LANES;
      ((FloatVector)
              a.lanewise(VectorOperators.AND, 15)
                  .or(h.lanewise(VectorOperators.LSHL, 4).lanewise(VectorOperators.AND, 0x30))
                  .convert(VectorOperators.I2F, 0))
          .sub(32f)
          .mul(s0)
          .intoArray(to, start);
      ((FloatVector)
              c.lanewise(VectorOperators.AND, 15)
                  .or(h.lanewise(VectorOperators.LSHL, 2).lanewise(VectorOperators.AND, 0x30))
                  .convert(VectorOperators.I2F, 0))
          .sub(32f)
          .mul(s1)
          .intoArray(to, start + 32);
      ((FloatVector)
              a.lanewise(VectorOperators.LSHR, 4)
                  .or(h.lanewise(VectorOperators.AND, 0x30))
                  .convert(VectorOperators.I2F, 0))
          .sub(32f)
          .mul(s2)
          .intoArray(to, start + 64);
      ((FloatVector)
              c.lanewise(VectorOperators.LSHR, 4)
                  .or(h.lanewise(VectorOperators.LSHR, 2).lanewise(VectorOperators.AND, 0x30))
                  .convert(VectorOperators.I2F, 0))
          .sub(32f)
          .mul(s3)
          .intoArray(to, start + 96);
    }
  }
}
