package dev.hadal.tensor.quant;

import dev.hadal.tensor.DType;
import java.lang.foreign.MemorySegment;

/**
 * The K types without a minimum: 256 numbers in 16 groups of 16, x = d s q, where s is a small
 * signed number a group has and d a half float the block has.
 *
 * <pre>
 * Q3_K  32 bytes of third bits, 64 bytes of 2-bit q, 12 bytes of 6-bit s + 32, d    q in -4 .. 3
 * Q6_K  128 bytes of low nibbles, 64 bytes of 2 high bits, 16 bytes of s, d         q in -32 .. 31
 * </pre>
 *
 * Source: {@code ggml-quants.c} of llama.cpp.
 */
enum SymmetricKQuants implements BlockCodec {
  Q3_K(DType.Q3_K, 4, 32) {
    @Override
    void decodeBlock(MemorySegment src, long at, float[] dst, int to) {
      float d = Bits.f16(src, at + 108);
      for (int g = 0; g < GROUPS; g++) {
        int low = Bits.u8(src, at + 96 + g % 8) >> (4 * (g / 8)) & 15;
        int high = Bits.u8(src, at + 104 + g % 4) >> (2 * (g / 4)) & 3;
        float scale = d * ((low | high << 4) - 32);
        long q = at + 32 + 32L * (g / 8) + 16L * (g % 2);
        long third = at + 16L * (g % 2);
        int shift = g % 8 / 2 * 2;
        for (int i = 0; i < GROUP; i++) {
          int level = Bits.u8(src, q + i) >> shift & 3;
          level -= (Bits.u8(src, third + i) >> (g / 2) & 1) == 0 ? 4 : 0;
          dst[to + GROUP * g + i] = scale * level;
        }
      }
    }

    @Override
    float groupScale(ScaleSearch search, float[] x, int from) {
      return search.symmetricByMoves(x, from, GROUP, 4);
    }

    @Override
    void putBlock(int[] scales, float d, int[] q, MemorySegment dst, long at) {
      for (int i = 0; i < 8; i++) {
        int low = scales[i] + 32 & 15 | (scales[i + 8] + 32 & 15) << 4;
        Bits.put8(dst, at + 96 + i, low);
      }
      for (int i = 0; i < 4; i++) {
        int high = 0;
        for (int k = 0; k < 4; k++) {
          high |= (scales[i + 4 * k] + 32 >> 4) << (2 * k);
        }
        Bits.put8(dst, at + 104 + i, high);
      }
      Bits.putF16(dst, at + 108, d);
      for (int i = 0; i < 32; i++) {
        int third = 0;
        for (int k = 0; k < 8; k++) {
          third |= (q[32 * k + i] >= 0 ? 1 : 0) << k;
        }
        Bits.put8(dst, at + i, third);
        for (int half = 0; half < 2; half++) {
          int packed = 0;
          for (int k = 0; k < 4; k++) {
            packed |= (q[128 * half + 32 * k + i] & 3) << (2 * k);
          }
          Bits.put8(dst, at + 32 + 32L * half + i, packed);
        }
      }
    }
  },

  Q6_K(DType.Q6_K, 32, 128) {
    @Override
    void decodeBlock(MemorySegment src, long at, float[] dst, int to) {
      float d = Bits.f16(src, at + 208);
      for (int g = 0; g < GROUPS; g++) {
        float scale = d * Bits.s8(src, at + 192 + g);
        int quarter = g % 8 / 2; // of the half's 128 numbers; four quarters share a byte of high
        long low = at + 64L * (g / 8) + 32L * (quarter % 2) + 16L * (g % 2);
        long high = at + 128 + 32L * (g / 8) + 16L * (g % 2);
        for (int i = 0; i < GROUP; i++) {
          int level = Bits.u8(src, low + i) >> (4 * (quarter / 2)) & 15;
          level |= (Bits.u8(src, high + i) >> (2 * quarter) & 3) << 4;
          dst[to + GROUP * g + i] = scale * (level - 32);
        }
      }
    }

    @Override
    float groupScale(ScaleSearch search, float[] x, int from) {
      return search.symmetric(x, from, GROUP, 32);
    }

    @Override
    void putBlock(int[] scales, float d, int[] q, MemorySegment dst, long at) {
      for (int half = 0; half < 2; half++) {
        for (int i = 0; i < 32; i++) {
          int j = 128 * half + i;
          int q0 = q[j] + 32;
          int q1 = q[j + 32] + 32;
          int q2 = q[j + 64] + 32;
          int q3 = q[j + 96] + 32;
          Bits.put8(dst, at + 64L * half + i, q0 & 15 | (q2 & 15) << 4);
          Bits.put8(dst, at + 64L * half + 32 + i, q1 & 15 | (q3 & 15) << 4);
          int high = q0 >> 4 | q1 >> 4 << 2 | q2 >> 4 << 4 | q3 >> 4 << 6;
          Bits.put8(dst, at + 128 + 32L * half + i, high);
        }
      }
      for (int g = 0; g < GROUPS; g++) {
        Bits.put8(dst, at + 192 + g, scales[g]);
      }
      Bits.putF16(dst, at + 208, d);
    }
  };

  static final int GROUP = 16;
  static final int GROUPS = 16;
  private static final int BLOCK = 256;

  private final DType type;
  private final int half;
  private final int scaleHalf;

  SymmetricKQuants(DType type, int half, int scaleHalf) {
    this.type = type;
    this.half = half;
    this.scaleHalf = scaleHalf;
  }

  abstract void decodeBlock(MemorySegment src, long at, float[] dst, int to);

  abstract float groupScale(ScaleSearch search, float[] x, int from);

  abstract void putBlock(int[] scales, float d, int[] q, MemorySegment dst, long at);

  @Override
  public DType type() {
    return type;
  }

  @Override
  public void decode(MemorySegment src, long srcOffset, float[] dst, int dstOffset, int count) {
    for (int i = 0; i < count; i += BLOCK) {
      decodeBlock(src, srcOffset, dst, dstOffset + i);
      srcOffset += type.blockBytes();
    }
  }

  @Override
  public void encode(float[] src, int srcOffset, int count, MemorySegment dst, long dstOffset) {
    ScaleSearch search = new ScaleSearch();
    float[] groupScales = new float[GROUPS];
    int[] scales = new int[GROUPS];
    int[] levels = new int[BLOCK];
    for (int b = 0; b < count; b += BLOCK) {
      int from = srcOffset + b;
      float extreme = 0;
      for (int g = 0; g < GROUPS; g++) {
        groupScales[g] = groupScale(search, src, from + GROUP * g);
        extreme = Math.abs(groupScales[g]) > Math.abs(extreme) ? groupScales[g] : extreme;
      }
      // The group of the largest scale gets -scaleHalf, one step further than the top.
      float inverse = extreme == 0 ? 0 : -scaleHalf / extreme;
      float d = extreme == 0 ? 0 : 1 / inverse;
      float stored = Float.float16ToFloat(Float.floatToFloat16(d));
      for (int g = 0; g < GROUPS; g++) {
        scales[g] = Bits.nearest(inverse * groupScales[g], -scaleHalf, scaleHalf - 1);
        float scale = stored * scales[g];
        for (int i = GROUP * g; i < GROUP * (g + 1); i++) {
          levels[i] = scale == 0 ? 0 : Bits.nearest(src[from + i] / scale, -half, half - 1);
        }
      }
      putBlock(scales, d, levels, dst, dstOffset);
      dstOffset += type.blockBytes();
    }
  }
}
