package dev.hadal.backend.simd;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Rows of Q4_K: blocks of 256 numbers, F16 d and dmin, eight 6-bit scales and minima packed in 12
 * bytes, 128 bytes of nibbles; number = d scale nibble - dmin min. The j-th 32 bytes hold numbers
 * of sub-block 2 j in their low halves and of 2 j + 1 in their high ones.
 *
 * <p>The minima are taken out of the loop with sums of x made once. A vector of ints loads 4 LANES
 * bytes; a nibble is masked where it stands and converted there, so it comes out times a power of
 * 16, which the activations carry inverted ({@link #prepare}): no shifts, no widening. Only the
 * topmost nibble is shifted down, as it would be a sign.
 */
final class Q4_KRows {
  private static final int BLOCK_BYTES = 144;

  private static final VectorSpecies<Float> FLOATS = Lanes.BLOCK_FLOATS;
  private static final VectorSpecies<Integer> INTS = Lanes.BLOCK_INTS;
  private static final int LANES = Lanes.BLOCK_COUNT;

  private Q4_KRows() {}

  /**
   * sums: of every 32 numbers. permuted: for every load the numbers of its low nibbles, one byte
   * place after another, each over 256^place; then those of its high nibbles over 16 256^place, but
   * for the last place, which is shifted.
   */
  static void prepare(Activations x) {
    x.room(32);
    for (int chunk = 0; chunk < x.inputs; chunk += 64) {
      for (int part = 0; part < 32; part += 4 * LANES) {
        for (int s = 0; s < 4; s++) {
          float low = s == 0 ? 1 : s == 1 ? 0x1p-8f : s == 2 ? 0x1p-16f : 0x1p-24f;
          float high = s == 3 ? 1 : low / 16;
          for (int j = 0; j < LANES; j++) {
            int from = x.base + chunk + part + 4 * j + s;
            int to = chunk + 2 * part + s * LANES + j;
            x.permuted[to] = x.values[from] * low;
            x.permuted[to + 4 * LANES] = x.values[from + 32] * high;
          }
        }
      }
    }
    for (int b = 0; b < x.inputs / 32; b++) {
      float sum = 0;
      for (int i = 0; i < 32; i++) {
        sum += x.values[x.base + 32 * b + i];
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

  /** Eight scales, a byte each. */
  static long scales(long packed) {
    int low = Memory.ALL.get(Memory.INT, packed);
    int high = Memory.ALL.get(Memory.INT, packed + 8);
    int last = (high & 0x0f0f0f0f) | ((low >>> 2) & 0x30303030);
    return (low & 0x3f3f3f3f) | (long) last << 32;
  }

  /** Eight minima, a byte each. */
  static long minima(long packed) {
    int low = Memory.ALL.get(Memory.INT, packed + 4);
    int high = Memory.ALL.get(Memory.INT, packed + 8);
    int last = ((high >>> 4) & 0x0f0f0f0f) | ((low >>> 2) & 0x30303030);
    return (low & 0x3f3f3f3f) | (long) last << 32;
  }

  private static float dot(long w, float[] x, float[] sums, int blocks, float[] c, int spare) {
    FloatVector sum = FloatVector.zero(FLOATS);
    float below = 0;
    for (int b = 0; b < blocks; b++) {
      long block = w + (long) BLOCK_BYTES * b;
      float d = Float.float16ToFloat(Memory.ALL.get(Memory.SHORT, block));
      float dmin = Float.float16ToFloat(Memory.ALL.get(Memory.SHORT, block + 2));
      long scales = scales(block + 4);
      long minima = minima(block + 4);
      float least = 0;
      for (int j = 0; j < 8; j++) {
        least += (minima >>> 8 * j & 63) * sums[8 * b + j];
      }
      below += dmin * least;
      for (int chunk = 0; chunk < 4; chunk++) {
        FloatVector low = FloatVector.zero(FLOATS);
        FloatVector high = FloatVector.zero(FLOATS);
        for (int i = 0; i < 32; i += 4 * LANES) {
          IntVector q =
              IntVector.fromMemorySegment(
                  INTS, Memory.ALL, block + 16 + 32L * chunk + i, Memory.ORDER);
          int at = 256 * b + 64 * chunk + 2 * i;
          low =
              ((FloatVector) q.lanewise(VectorOperators.AND, 0xf).convert(VectorOperators.I2F, 0))
                  .fma(FloatVector.fromArray(FLOATS, x, at), low);
          high =
              ((FloatVector) q.lanewise(VectorOperators.AND, 0xf0).convert(VectorOperators.I2F, 0))
                  .fma(FloatVector.fromArray(FLOATS, x, at + 4 * LANES), high);
          low =
              ((FloatVector) q.lanewise(VectorOperators.AND, 0xf00).convert(VectorOperators.I2F, 0))
                  .fma(FloatVector.fromArray(FLOATS, x, at + LANES), low);
          high =
              ((FloatVector)
                      q.lanewise(VectorOperators.AND, 0xf000).convert(VectorOperators.I2F, 0))
                  .fma(FloatVector.fromArray(FLOATS, x, at + 5 * LANES), high);
          low =
              ((FloatVector)
                      q.lanewise(VectorOperators.AND, 0xf0000).convert(VectorOperators.I2F, 0))
                  .fma(FloatVector.fromArray(FLOATS, x, at + 2 * LANES), low);
          high =
              ((FloatVector)
                      q.lanewise(VectorOperators.AND, 0xf00000).convert(VectorOperators.I2F, 0))
                  .fma(FloatVector.fromArray(FLOATS, x, at + 6 * LANES), high);
          low =
              ((FloatVector)
                      q.lanewise(VectorOperators.AND, 0xf000000).convert(VectorOperators.I2F, 0))
                  .fma(FloatVector.fromArray(FLOATS, x, at + 3 * LANES), low);
          high =
              ((FloatVector) q.lanewise(VectorOperators.LSHR, 28).convert(VectorOperators.I2F, 0))
                  .fma(FloatVector.fromArray(FLOATS, x, at + 7 * LANES), high);
        }
        sum = low.fma(FloatVector.broadcast(FLOATS, d * (scales >>> 16 * chunk & 63)), sum);
        sum = high.fma(FloatVector.broadcast(FLOATS, d * (scales >>> 16 * chunk + 8 & 63)), sum);
      }
    }
    sum.intoArray(c, spare);
    return Lanes.blockSum(c, spare) - below;
  }

  static void unpack(long w, float[] to, int at, int count) {
    for (int b = 0; b < count / 256; b++) {
      long block = w + (long) BLOCK_BYTES * b;
      float d = Float.float16ToFloat(Memory.ALL.get(Memory.SHORT, block));
      float dmin = Float.float16ToFloat(Memory.ALL.get(Memory.SHORT, block + 2));
      long scales = scales(block + 4);
      long minima = minima(block + 4);
      for (int chunk = 0; chunk < 4; chunk++) {
        unpackChunk(
            block + 16 + 32L * chunk,
            to,
            at + 256 * b + 64 * chunk,
            d * (scales >>> 16 * chunk & 63),
            dmin * (minima >>> 16 * chunk & 63),
            d * (scales >>> 16 * chunk + 8 & 63),
            dmin * (minima >>> 16 * chunk + 8 & 63));
      }
    }
  }

  private static void unpackChunk(
      long from, float[] to, int at, float low, float lowMin, float high, float highMin) {
    for (int i = 0; i < 32; i += 8) {
      ByteVector bytes =
          ByteVector.fromMemorySegment(ByteVector.SPECIES_64, Memory.ALL, from + i, Memory.ORDER);
      for (int part = 0; part < 8 / LANES; part++) {
        IntVector q = (IntVector) bytes.convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, part);
        int start = at + i + part * LANES;
        ((FloatVector) q.lanewise(VectorOperators.AND, 15).convert(VectorOperators.I2F, 0))
            .mul(low)
            .sub(lowMin)
            .intoArray(to, start);
        ((FloatVector) q.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
            .mul(high)
            .sub(highMin)
            .intoArray(to, start + 32);
      }
    }
  }
}
