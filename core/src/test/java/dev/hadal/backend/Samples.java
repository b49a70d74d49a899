package dev.hadal.backend;

import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;
import dev.hadal.tensor.quant.Dequant;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Random;

/** Random numbers for kernels: activations, and weights of any type with every bit in use. */
public final class Samples {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Samples() {}

  /** Standard normal numbers. */
  public static Tensor activations(long seed, int... shape) {
    Tensor tensor = Tensor.allocate(Arena.ofAuto(), DType.F32, shape);
    Random random = new Random(seed);
    for (long i = 0; i < tensor.size(); i++) {
      tensor.set(i, (float) random.nextGaussian());
    }
    return tensor;
  }

  /** Weights of about unit size. */
  public static Tensor weights(DType type, long seed, int... shape) {
    Random random = new Random(seed);
    long numbers = 1;
    for (int dim : shape) {
      numbers *= dim;
    }
    byte[] bytes = new byte[Math.toIntExact(type.bytes(numbers))];
    random.nextBytes(bytes);
    MemorySegment data = Arena.ofAuto().allocate(Math.max(1, bytes.length), 64);
    MemorySegment.copy(bytes, 0, data, ValueLayout.JAVA_BYTE, 0, bytes.length);
    Tensor scale = null;
    if (type == DType.F8_E4M3 && shape.length == 2) {
      int[] scaleShape = Dequant.scaleShape(shape);
      scale = activations(seed + 1, scaleShape == null ? new int[0] : scaleShape);
    }
    for (long at = 0; at < bytes.length; at += type.blockBytes()) {
      settleBlock(type, data, at, random);
    }
    return Tensor.of(type, data, scale, shape);
  }

  /** Replaces what random bits must not be: scales, and plain numbers. */
  private static void settleBlock(DType type, MemorySegment data, long at, Random random) {
    float scale = 0.5f + random.nextFloat();
    switch (type) {
      case F32 -> data.set(Tensor.FLOAT, at, (float) random.nextGaussian());
      case F16 -> half(data, at, (float) random.nextGaussian());
      case BF16 ->
          data.set(
              SHORT, at, (short) (Float.floatToRawIntBits((float) random.nextGaussian()) >>> 16));
      case I32 -> throw new IllegalArgumentException("I32 is no weight type");
      case F8_E4M3 -> {
        byte bits = data.get(ValueLayout.JAVA_BYTE, at);
        if ((bits & 0x7f) > 0x48) { // keep clear of NaN and of numbers that drown the others
          data.set(ValueLayout.JAVA_BYTE, at, (byte) (bits & ~0x40));
        }
      }
      case F8_E8M0 -> data.set(ValueLayout.JAVA_BYTE, at, (byte) (124 + random.nextInt(6)));
      case Q4_0, Q5_0, IQ4_NL -> half(data, at, scale / 8 * (random.nextBoolean() ? 1 : -1));
      case Q8_0 -> half(data, at, scale / 64);
      case Q4_1, Q5_1 -> {
        half(data, at, scale / 8);
        half(data, at + 2, -scale);
      }
      case Q2_K -> {
        half(data, at + 80, scale / 16);
        half(data, at + 82, scale / 16);
      }
      case Q3_K -> half(data, at + 108, scale / 64);
      case Q4_K, Q5_K -> {
        half(data, at, scale / 256);
        half(data, at + 2, scale / 64);
      }
      case Q6_K -> half(data, at + 208, scale / 2048);
      case IQ4_XS -> half(data, at, scale / 1024);
      case MXFP4 -> data.set(ValueLayout.JAVA_BYTE, at, (byte) (124 + random.nextInt(4)));
    }
  }

  private static void half(MemorySegment data, long at, float value) {
    data.set(SHORT, at, Float.floatToFloat16(value));
  }
}
