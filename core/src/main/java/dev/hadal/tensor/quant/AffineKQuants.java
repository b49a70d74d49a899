package dev.hadal.tensor.quant;

import dev.hadal.tensor.DType;
import java.lang.foreign.MemorySegment;

/**
 * The K types with a minimum: 256 numbers in groups, x = d s q - dmin m, where s and m are small
 * whole numbers a group has and d, dmin half floats the block has.
 *
 * <pre>
 * Q2_K  16 groups of 16: 16 bytes (s low, m high nibble), 64 bytes of 2-bit q, d, dmin
 * Q4_K  8 groups of 32: d, dmin, 12 bytes of 6-bit s and m, 128 bytes of nibbles
 * Q5_K  8 groups of 32: d, dmin, 12 bytes of 6-bit s and m, 32 bytes of fifth bits, 128 of nibbles
 * </pre>
 *
 * Source: {@code ggml-quants.c} of llama.cpp.
 */
enum AffineKQuants implements BlockCodec {
  Q2_K(DType.Q2_K, 16, 15, 3, -0.5f, 15) {
    @Override
    void decodeBlock(MemorySegment src, long at, float[] dst, int to) {
      float d = Bits.f16(src, at + 80);
      float dmin = Bits.f16(src, at + 82);
      for (int g = 0; g < 16; g++) {
        int packed = Bits.u8(src, at + g);
        float scale = d * (packed & 15);
        float min = dmin * (packed >> 4);
        long q = at + 16 + 32L * (g / 8) + 16L * (g % 2); // groups 0 and 1 share each byte's
        int shift = g % 8 / 2 * 2; // lowest bits, 2 and 3 the next ...
        for (int i = 0; i < 16; i++) {
          dst[to + 16 * g + i] = scale * (Bits.u8(src, q + i) >> shift & 3) - min;
        }
      }
    }

    @Override
    void putScales(int[] scales, int[] mins, float d, float dmin, MemorySegment dst, long at) {
      for (int g = 0; g < 16; g++) {
        Bits.put8(dst, at + g, scales[g] | mins[g] << 4);
      }
      Bits.putF16(dst, at + 80, d);
      Bits.putF16(dst, at + 82, dmin);
    }

    @Override
    void putLevels(int[] q, MemorySegment dst, long at) {
      for (int half = 0; half < 2; half++) {
        for (int i = 0; i < 32; i++) {
          int j = 128 * half + i;
          int packed = q[j] | q[j + 32] << 2 | q[j + 64] << 4 | q[j + 96] << 6;
          Bits.put8(dst, at + 16 + 32L * half + i, packed);
        }
      }
    }
  },

  Q4_K(DType.Q4_K, 32, 63, 15, -1f, 20) {
    @Override
    void decodeBlock(MemorySegment src, long at, float[] dst, int to) {
      float d = Bits.f16(src, at);
      float dmin = Bits.f16(src, at + 2);
      for (int g = 0; g < 8; g++) {
        float scale = d * scale(src, at + 4, g);
        float min = dmin * min(src, at + 4, g);
        long q = at + 16 + 32L * (g / 2);
        int shift = 4 * (g % 2);
        for (int i = 0; i < 32; i++) {
          dst[to + 32 * g + i] = scale * (Bits.u8(src, q + i) >> shift & 15) - min;
        }
      }
    }

    @Override
    void putLevels(int[] q, MemorySegment dst, long at) {
      putNibbles(q, dst, at + 16);
    }
  },

  Q5_K(DType.Q5_K, 32, 63, 31, -0.5f, 15) {
    @Override
    void decodeBlock(MemorySegment src, long at, float[] dst, int to) {
      float d = Bits.f16(src, at);
      float dmin = Bits.f16(src, at + 2);
      for (int g = 0; g < 8; g++) {
        float scale = d * scale(src, at + 4, g);
        float min = dmin * min(src, at + 4, g);
        long q = at + 48 + 32L * (g / 2);
        int shift = 4 * (g % 2);
        for (int i = 0; i < 32; i++) {
          int high = Bits.u8(src, at + 16 + i) >> g & 1;
          dst[to + 32 * g + i] = scale * ((Bits.u8(src, q + i) >> shift & 15) | high << 4) - min;
        }
      }
    }

    @Override
    void putLevels(int[] q, MemorySegment dst, long at) {
      for (int i = 0; i < 32; i++) {
        int high = 0;
        for (int g = 0; g < 8; g++) {
          high |= (q[32 * g + i] >> 4) << g;
        }
        Bits.put8(dst, at + 16 + i, high);
      }
      putNibbles(q, dst, at + 48);
    }
  };

  private static final int BLOCK = 256;

  private final DType type;
  private final int group;
  private final int maxScale;
  private final int maxLevel;
  private final float firstGrid;
  private final int grids;

  AffineKQuants(DType type, int group, int maxScale, int maxLevel, float firstGrid, int grids) {
    this.type = type;
    this.group = group;
    this.maxScale = maxScale;
    this.maxLevel = maxLevel;
    this.firstGrid = firstGrid;
    this.grids = grids;
  }

  abstract void decodeBlock(MemorySegment src, long at, float[] dst, int to);

  abstract void putLevels(int[] q, MemorySegment dst, long at);

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
    ScaleSearch.Affine how = new ScaleSearch.Affine(maxLevel, firstGrid, 0.1f, grids, this == Q2_K);
    Work work = new Work(how, BLOCK / group);
    for (int i = 0; i < count; i += BLOCK) {
      encodeBlock(src, srcOffset + i, work, dst, dstOffset);
      dstOffset += type.blockBytes();
    }
  }

  private void encodeBlock(float[] x, int from, Work work, MemorySegment dst, long at) {
    int groups = BLOCK / group;
    float largestScale = 0;
    float largestMin = 0;
    for (int g = 0; g < groups; g++) {
      weigh(x, from + g * group, work.weights);
      work.groupScales[g] = work.search.affine(x, from + g * group, work.weights, group, work.how);
      work.groupMins[g] = work.search.min;
      largestScale = Math.max(largestScale, work.groupScales[g]);
      largestMin = Math.max(largestMin, work.groupMins[g]);
    }
    for (int g = 0; g < groups; g++) {
      work.scales[g] = share(work.groupScales[g], largestScale);
      work.mins[g] = share(work.groupMins[g], largestMin);
    }
    float d = largestScale / maxScale;
    float dmin = largestMin / maxScale;
    putScales(work.scales, work.mins, d, dmin, dst, at);
    d = Float.float16ToFloat(Float.floatToFloat16(d));
    dmin = Float.float16ToFloat(Float.floatToFloat16(dmin));
    for (int g = 0; g < groups; g++) {
      float scale = d * work.scales[g];
      float min = dmin * work.mins[g];
      for (int i = g * group; i < (g + 1) * group; i++) {
        work.levels[i] = scale == 0 ? 0 : Bits.nearest((x[from + i] + min) / scale, 0, maxLevel);
      }
    }
    putLevels(work.levels, dst, at);
  }

  /** Larger numbers matter more; 2 bits are too few to also care for the small ones. */
  private void weigh(float[] x, int from, float[] weights) {
    float square = 0;
    for (int i = 0; i < group; i++) {
      square += x[from + i] * x[from + i];
    }
    float typical = this == Q2_K ? 0 : (float) Math.sqrt(square / group);
    for (int i = 0; i < group; i++) {
      weights[i] = typical + Math.abs(x[from + i]);
    }
  }

  private int share(float value, float largest) {
    return largest > 0 ? Bits.nearest(maxScale / largest * value, 0, maxScale) : 0;
  }

  void putScales(int[] scales, int[] mins, float d, float dmin, MemorySegment dst, long at) {
    Bits.putF16(dst, at, d);
    Bits.putF16(dst, at + 2, dmin);
    for (int g = 0; g < 4; g++) { // groups 4 to 7 are split: 4 bits each here, 2 above the others
      Bits.put8(dst, at + 4 + g, scales[g] | scales[g + 4] >> 4 << 6);
      Bits.put8(dst, at + 8 + g, mins[g] | mins[g + 4] >> 4 << 6);
      Bits.put8(dst, at + 12 + g, scales[g + 4] & 15 | (mins[g + 4] & 15) << 4);
    }
  }

  private static int scale(MemorySegment src, long at, int g) {
    return g < 4
        ? Bits.u8(src, at + g) & 63
        : Bits.u8(src, at + g + 4) & 15 | Bits.u8(src, at + g - 4) >> 6 << 4;
  }

  private static int min(MemorySegment src, long at, int g) {
    return g < 4
        ? Bits.u8(src, at + g + 4) & 63
        : Bits.u8(src, at + g + 4) >> 4 | Bits.u8(src, at + g) >> 6 << 4;
  }

  private static void putNibbles(int[] q, MemorySegment dst, long at) {
    for (int pair = 0; pair < 4; pair++) {
      for (int i = 0; i < 32; i++) {
        int j = 64 * pair + i;
        Bits.put8(dst, at + 32L * pair + i, q[j] & 15 | (q[j + 32] & 15) << 4);
      }
    }
  }

  /** Scratch of one encoding run. */
  private static final class Work {
    final ScaleSearch search = new ScaleSearch();
    final ScaleSearch.Affine how;
    final float[] weights = new float[32];
    final int[] levels = new int[BLOCK];
    final float[] groupScales;
    final float[] groupMins;
    final int[] scales;
    final int[] mins;

    Work(ScaleSearch.Affine how, int groups) {
      this.how = how;
      groupScales = new float[groups];
      groupMins = new float[groups];
      scales = new int[groups];
      mins = new int[groups];
    }
  }
}
