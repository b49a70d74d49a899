package dev.hadal.tensor.quant;

import dev.hadal.tensor.DType;
import java.lang.foreign.MemorySegment;

/**
 * GGUF's first block types: 32 numbers under one half-float scale d, and for the _1 types a half
 * float minimum m.
 *
 * <pre>
 * Q4_0  d, 16 bytes of nibbles          x = (q - 8) d
 * Q4_1  d, m, 16 bytes of nibbles       x = q d + m
 * Q5_0  d, 32 fifth bits, 16 bytes      x = (q - 16) d
 * Q5_1  d, m, 32 fifth bits, 16 bytes   x = q d + m
 * Q8_0  d, 32 signed bytes              x = q d
 * </pre>
 *
 * Byte j of the nibbles holds number j below and number j + 16 above. Source: {@code ggml-quants.c}
 * of llama.cpp.
 */
enum LegacyQuants implements BlockCodec {
  Q4_0(DType.Q4_0, 4, false),
  Q4_1(DType.Q4_1, 4, true),
  Q5_0(DType.Q5_0, 5, false),
  Q5_1(DType.Q5_1, 5, true),
  Q8_0(DType.Q8_0, 8, false) {
    @Override
    void decodeBlock(MemorySegment src, long at, float[] dst, int to) {
      float d = Bits.f16(src, at);
      for (int j = 0; j < BLOCK; j++) {
        dst[to + j] = Bits.s8(src, at + 2 + j) * d;
      }
    }

    @Override
    void encodeBlock(float[] src, int from, MemorySegment dst, long at) {
      float largest = 0;
      for (int j = 0; j < BLOCK; j++) {
        largest = Math.max(largest, Math.abs(src[from + j]));
      }
      float d = largest / 127;
      float inverse = d == 0 ? 0 : 1 / d;
      Bits.putF16(dst, at, d);
      for (int j = 0; j < BLOCK; j++) {
        Bits.put8(dst, at + 2 + j, Bits.nearest(src[from + j] * inverse, -127, 127));
      }
    }
  };

  static final int BLOCK = 32;
  private static final int HALF = 16;

  private final DType type;
  private final int bits;
  private final boolean hasMin;

  LegacyQuants(DType type, int bits, boolean hasMin) {
    this.type = type;
    this.bits = bits;
    this.hasMin = hasMin;
  }

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
    for (int i = 0; i < count; i += BLOCK) {
      encodeBlock(src, srcOffset + i, dst, dstOffset);
      dstOffset += type.blockBytes();
    }
  }

  void decodeBlock(MemorySegment src, long at, float[] dst, int to) {
    float d = Bits.f16(src, at);
    float m = hasMin ? Bits.f16(src, at + 2) : -0f; // adding -0 changes nothing, not even a sign
    int zero = hasMin ? 0 : 1 << (bits - 1);
    long highBits = at + (hasMin ? 4 : 2);
    int high = bits == 5 ? src.get(Bits.INT, highBits) : 0;
    long nibbles = highBits + (bits == 5 ? 4 : 0);
    for (int j = 0; j < HALF; j++) {
      int pair = Bits.u8(src, nibbles + j);
      int low = (pair & 15 | (high >>> j & 1) << 4) - zero;
      int upper = (pair >> 4 | (high >>> (j + HALF) & 1) << 4) - zero;
      dst[to + j] = low * d + m;
      dst[to + j + HALF] = upper * d + m;
    }
  }

  void encodeBlock(float[] src, int from, MemorySegment dst, long at) {
    int levels = 1 << bits;
    float min = src[from];
    float max = src[from];
    for (int j = 1; j < BLOCK; j++) {
      min = Math.min(min, src[from + j]);
      max = Math.max(max, src[from + j]);
    }
    // Without a minimum the number of largest magnitude becomes level 0, which reaches one step
    // further than the top level: the scale takes its sign.
    float extreme = Math.abs(min) >= max ? min : max;
    float d = hasMin ? (max - min) / (levels - 1) : extreme / -(levels / 2);
    float inverse = d == 0 ? 0 : 1 / d;
    float zero = hasMin ? 0 : levels / 2;
    float shift = hasMin ? min : 0;
    Bits.putF16(dst, at, d);
    if (hasMin) {
      Bits.putF16(dst, at + 2, min);
    }
    long highBits = at + (hasMin ? 4 : 2);
    long nibbles = highBits + (bits == 5 ? 4 : 0);
    int high = 0;
    for (int j = 0; j < HALF; j++) {
      int low = Math.min(levels - 1, (int) ((src[from + j] - shift) * inverse + zero + 0.5f));
      int upper =
          Math.min(levels - 1, (int) ((src[from + j + HALF] - shift) * inverse + zero + 0.5f));
      Bits.put8(dst, nibbles + j, low & 15 | (upper & 15) << 4);
      high |= (low >> 4) << j | (upper >> 4) << (j + HALF);
    }
    if (bits == 5) {
      dst.set(Bits.INT, highBits, high);
    }
  }
}
