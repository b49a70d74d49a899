package dev.hadal.tensor.quant;

import dev.hadal.tensor.DType;
import java.lang.foreign.MemorySegment;

/**
 * 4-bit types whose levels come from a table instead of an even grid.
 *
 * <pre>
 * IQ4_NL  d, 16 bytes of nibbles                                  x = d t[q]
 * IQ4_XS  d, 8 six-bit scales s (2 high bits each in a short,     x = d (s - 32) t[q]
 *         4 low ones in 4 bytes), 8 x 16 bytes of nibbles
 * MXFP4   a power of two e, 16 bytes of E2M1 nibbles              x = 2^(e - 127) t[q]
 * </pre>
 *
 * Byte j of 16 holds number j below and number j + 16 above. Sources: {@code ggml-quants.c} of
 * llama.cpp; OCP Microscaling Formats.
 */
enum TableQuants implements BlockCodec {
  IQ4_NL(DType.IQ4_NL) {
    @Override
    void decodeBlock(MemorySegment src, long at, float[] dst, int to) {
      nibbles(src, at + 2, Bits.f16(src, at), NON_LINEAR, dst, to);
    }

    @Override
    void encodeBlock(float[] src, int from, MemorySegment dst, long at) {
      float scale = TableSearch.bestScale(src, from, NON_LINEAR);
      scale = Bits.putF16(dst, at, scale);
      putNibbles(src, from, scale, NON_LINEAR, dst, at + 2);
    }
  },

  IQ4_XS(DType.IQ4_XS) {
    @Override
    void decodeBlock(MemorySegment src, long at, float[] dst, int to) {
      float d = Bits.f16(src, at);
      int high = src.get(Bits.SHORT, at + 2);
      for (int b = 0; b < 8; b++) {
        int low = Bits.u8(src, at + 4 + b / 2) >> (4 * (b % 2)) & 15;
        int scale = low | (high >> (2 * b) & 3) << 4;
        nibbles(src, at + 8 + 16L * b, d * (scale - 32), NON_LINEAR, dst, to + 32 * b);
      }
    }

    @Override
    void encodeBlock(float[] src, int from, MemorySegment dst, long at) {
      float[] scales = new float[8];
      float extreme = 0;
      for (int b = 0; b < 8; b++) {
        scales[b] = TableSearch.bestScale(src, from + 32 * b, NON_LINEAR);
        extreme = Math.abs(scales[b]) > Math.abs(extreme) ? scales[b] : extreme;
      }
      float d = Bits.putF16(dst, at, extreme / -32);
      int high = 0;
      for (int b = 0; b < 8; b++) {
        int scale = d == 0 ? 0 : Bits.nearest(scales[b] / d, -32, 31);
        high |= (scale + 32 >> 4) << (2 * b);
        int low = (scale + 32 & 15) << (4 * (b % 2));
        int beside = b % 2 == 0 ? 0 : Bits.u8(dst, at + 4 + b / 2);
        Bits.put8(dst, at + 4 + b / 2, beside | low);
        putNibbles(src, from + 32 * b, d * scale, NON_LINEAR, dst, at + 8 + 16L * b);
      }
      dst.set(Bits.SHORT, at + 2, (short) high);
    }
  },

  MXFP4(DType.MXFP4) {
    @Override
    void decodeBlock(MemorySegment src, long at, float[] dst, int to) {
      // The table holds twice the E2M1 values, so the power of two is halved.
      float d = Math.scalb(1f, Bits.u8(src, at) - 128);
      nibbles(src, at + 1, d, E2M1, dst, to);
    }

    @Override
    void encodeBlock(float[] src, int from, MemorySegment dst, long at) {
      float largest = 0;
      for (int j = 0; j < 32; j++) {
        largest = Math.max(largest, Math.abs(src[from + j]));
      }
      int e = largest == 0 ? 0 : Math.clamp(Math.getExponent(largest) - 2 + 127, 0, 254);
      Bits.put8(dst, at, e);
      putNibbles(src, from, Math.scalb(1f, e - 128), E2M1, dst, at + 1);
    }
  };

  static final int[] NON_LINEAR = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
  };

  /** Twice the values of E2M1: sign, two exponent bits, one mantissa bit. */
  static final int[] E2M1 = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

  private final DType type;

  TableQuants(DType type) {
    this.type = type;
  }

  abstract void decodeBlock(MemorySegment src, long at, float[] dst, int to);

  abstract void encodeBlock(float[] src, int from, MemorySegment dst, long at);

  @Override
  public DType type() {
    return type;
  }

  @Override
  public void decode(MemorySegment src, long srcOffset, float[] dst, int dstOffset, int count) {
    for (int i = 0; i < count; i += type.blockSize()) {
      decodeBlock(src, srcOffset, dst, dstOffset + i);
      srcOffset += type.blockBytes();
    }
  }

  @Override
  public void encode(float[] src, int srcOffset, int count, MemorySegment dst, long dstOffset) {
    for (int i = 0; i < count; i += type.blockSize()) {
      encodeBlock(src, srcOffset + i, dst, dstOffset);
      dstOffset += type.blockBytes();
    }
  }

  private static void nibbles(
      MemorySegment src, long at, float d, int[] table, float[] dst, int to) {
    for (int j = 0; j < 16; j++) {
      int pair = Bits.u8(src, at + j);
      dst[to + j] = d * table[pair & 15];
      dst[to + j + 16] = d * table[pair >> 4];
    }
  }

  private static void putNibbles(
      float[] src, int from, float d, int[] table, MemorySegment dst, long at) {
    for (int j = 0; j < 16; j++) {
      int low = TableSearch.nearest(src[from + j], d, table);
      int upper = TableSearch.nearest(src[from + j + 16], d, table);
      Bits.put8(dst, at + j, low | upper << 4);
    }
  }
}
