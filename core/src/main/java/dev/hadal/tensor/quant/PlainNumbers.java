package dev.hadal.tensor.quant;

import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** F32, F16 and BF16: one number, one float. */
enum PlainNumbers implements BlockCodec {
  F32(DType.F32) {
    @Override
    public void decode(MemorySegment src, long srcOffset, float[] dst, int dstOffset, int count) {
      MemorySegment.copy(src, Tensor.FLOAT, srcOffset, dst, dstOffset, count);
    }

    @Override
    public void encode(float[] src, int srcOffset, int count, MemorySegment dst, long dstOffset) {
      MemorySegment.copy(src, srcOffset, dst, Tensor.FLOAT, dstOffset, count);
    }
  },

  F16(DType.F16) {
    @Override
    public void decode(MemorySegment src, long srcOffset, float[] dst, int dstOffset, int count) {
      for (int i = 0; i < count; i++) {
        dst[dstOffset + i] = Float.float16ToFloat(src.get(Bits.SHORT, srcOffset + 2L * i));
      }
    }

    @Override
    public void encode(float[] src, int srcOffset, int count, MemorySegment dst, long dstOffset) {
      for (int i = 0; i < count; i++) {
        dst.set(Bits.SHORT, dstOffset + 2L * i, Float.floatToFloat16(src[srcOffset + i]));
      }
    }
  },

  BF16(DType.BF16) {
    @Override
    public void decode(MemorySegment src, long srcOffset, float[] dst, int dstOffset, int count) {
      for (int i = 0; i < count; i++) {
        dst[dstOffset + i] = Float.intBitsToFloat(src.get(Bits.SHORT, srcOffset + 2L * i) << 16);
      }
    }

    @Override
    public void encode(float[] src, int srcOffset, int count, MemorySegment dst, long dstOffset) {
      for (int i = 0; i < count; i++) {
        dst.set(Bits.SHORT, dstOffset + 2L * i, toBf16(src[srcOffset + i]));
      }
    }
  };

  private final DType type;

  PlainNumbers(DType type) {
    this.type = type;
  }

  @Override
  public DType type() {
    return type;
  }

  /** The upper half of a float, rounded to nearest, ties to even. */
  private static short toBf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >> 16 | 0x40); // rounding could carry a NaN into infinity
    }
    return (short) (bits + 0x7fff + (bits >> 16 & 1) >> 16);
  }
}
