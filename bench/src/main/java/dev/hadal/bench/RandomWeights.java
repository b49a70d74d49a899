package dev.hadal.bench;

import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/** Bits that are weights of some kind: finite scales, every other bit at random. */
final class RandomWeights {
  private RandomWeights() {}

  static Tensor matrix(Arena arena, DType type, long seed, int... shape) {
    long numbers = 1;
    for (int dim : shape) {
      numbers *= dim;
    }
    MemorySegment data = arena.allocate(type.bytes(numbers), 64);
    Random random = new Random(seed);
    for (long at = 0; at + Long.BYTES <= data.byteSize(); at += Long.BYTES) {
      // two bits of each byte are clear: no F16, BF16 or F32 made of them is infinite or NaN
      data.set(ValueLayout.JAVA_LONG, at, random.nextLong() & 0x3f3f3f3f3f3f3f3fL);
    }
    return Tensor.of(type, data, shape);
  }

  static Tensor activations(Arena arena, int... shape) {
    Tensor tensor = Tensor.allocate(arena, DType.F32, shape);
    Random random = new Random(1);
    for (long i = 0; i < tensor.size(); i++) {
      tensor.set(i, (float) random.nextGaussian());
    }
    return tensor;
  }

  static long sum(Tensor tensor) {
    MemorySegment data = tensor.data();
    long a = 0;
    long b = 0;
    long c = 0;
    long d = 0;
    for (long at = 0; at + 32 <= data.byteSize(); at += 32) {
      a += data.get(ValueLayout.JAVA_LONG, at);
      b += data.get(ValueLayout.JAVA_LONG, at + 8);
      c += data.get(ValueLayout.JAVA_LONG, at + 16);
      d += data.get(ValueLayout.JAVA_LONG, at + 24);
    }
    return a + b + c + d;
  }
}
