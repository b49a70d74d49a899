package dev.hadal.tensor.quant;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.hadal.tensor.DType;
import java.lang.foreign.MemorySegment;

/**
 * The 8-bit floats of FP8 checkpoints, without their block scales (those belong to the tensor, see
 * {@link Dequant}).
 *
 * <p>Source: OCP 8-bit Floating Point Specification (E4M3: bias 7, no infinity, 0x7f and 0xff are
 * NaN, largest 448) and OCP Microscaling Formats (E8M0: 2^(e - 127), 0xff is NaN).
 */
enum Float8 implements BlockCodec {
  E4M3(DType.F8_E4M3) {
    @Override
    int code(float value) {
      if (Float.isNaN(value)) {
        return 0x7f;
      }
      float a = Math.min(Math.abs(value), 448f); // saturates: the format has no infinity
      int exponent = Math.max(Math.getExponent(a), -6);
      int steps = (int) Math.rint(Math.scalb(a, 3 - exponent)); // 8..16 of this binade's eighths
      return (value < 0 ? 0x80 : 0) | ((exponent + 6) * 8 + steps);
    }

    @Override
    float value(int code) {
      int exponent = code >> 3 & 15;
      int mantissa = code & 7;
      float a =
          exponent == 15 && mantissa == 7
              ? Float.NaN
              : exponent == 0
                  ? Math.scalb((float) mantissa, -9)
                  : Math.scalb((float) (8 + mantissa), exponent - 10);
      return code >= 0x80 ? -a : a;
    }
  },

  E8M0(DType.F8_E8M0) {
    @Override
    int code(float value) {
      if (!(value > 0) || Float.isInfinite(value)) {
        return 0xff;
      }
      int exponent = Math.getExponent(value);
      float mantissa = exponent < Float.MIN_EXPONENT ? 0 : Math.scalb(value, -exponent);
      return Math.clamp(exponent + 127 + (mantissa >= 1.5f ? 1 : 0), 0, 254);
    }

    @Override
    float value(int code) {
      return code == 0xff ? Float.NaN : Math.scalb(1f, code - 127);
    }
  };

  private static final float[] E4M3_NUMBERS = numbers(E4M3);
  private static final float[] E8M0_NUMBERS = numbers(E8M0);

  private final DType type;

  Float8(DType type) {
    this.type = type;
  }

  abstract int code(float value);

  abstract float value(int code);

  /** The number behind each code. */
  private static float[] numbers(Float8 format) {
    float[] numbers = new float[256];
    for (int code = 0; code < numbers.length; code++) {
      numbers[code] = format.value(code);
    }
    return numbers;
  }

  @Override
  public DType type() {
    return type;
  }

  @Override
  public void decode(MemorySegment src, long srcOffset, float[] dst, int dstOffset, int count) {
    float[] numbers = this == E4M3 ? E4M3_NUMBERS : E8M0_NUMBERS;
    for (int i = 0; i < count; i++) {
      dst[dstOffset + i] = numbers[src.get(JAVA_BYTE, srcOffset + i) & 0xff];
    }
  }

  @Override
  public void encode(float[] src, int srcOffset, int count, MemorySegment dst, long dstOffset) {
    for (int i = 0; i < count; i++) {
      Bits.put8(dst, dstOffset + i, code(src[srcOffset + i]));
    }
  }
}
