package dev.hadal.backend.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link Elementwise} by the Vector API. */
final class VectorElementwise implements Elementwise {
  private static final VectorSpecies<Float> FLOATS = Lanes.FLOATS;
  private static final int LANES = Lanes.COUNT;

  @Override
  public void add(long out, long a, long b, int count) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector.fromMemorySegment(FLOATS, Memory.ALL, a + 4L * i, Memory.ORDER)
          .add(FloatVector.fromMemorySegment(FLOATS, Memory.ALL, b + 4L * i, Memory.ORDER))
          .intoMemorySegment(Memory.ALL, out + 4L * i, Memory.ORDER);
    }
    for (; i < count; i++) {
      float sum =
          Memory.ALL.get(Memory.FLOAT, a + 4L * i) + Memory.ALL.get(Memory.FLOAT, b + 4L * i);
      Memory.ALL.set(Memory.FLOAT, out + 4L * i, sum);
    }
  }

  @Override
  public void swiglu(long out, long gate, long up, int count) {
    VectorMath.swiglu(out, gate, up, count);
  }

  @Override
  public void rmsNorm(long out, long x, long w, float eps, int count) {
    normalise(out, x, w, (float) (1 / Math.sqrt(squares(x, count) / count + eps)), count);
  }

  /**
   * Four sums, number by number: a vector that is summed at the end became an object where the
   * compiler, having seen short rows only, did not inline that.
   */
  private static double squares(long x, int count) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i <= count - 4; i += 4) {
      double v0 = Memory.ALL.get(Memory.FLOAT, x + 4L * i);
      double v1 = Memory.ALL.get(Memory.FLOAT, x + 4L * i + 4);
      double v2 = Memory.ALL.get(Memory.FLOAT, x + 4L * i + 8);
      double v3 = Memory.ALL.get(Memory.FLOAT, x + 4L * i + 12);
      s0 += v0 * v0;
      s1 += v1 * v1;
      s2 += v2 * v2;
      s3 += v3 * v3;
    }
    double sum = (s0 + s1) + (s2 + s3);
    for (; i < count; i++) {
      double v = Memory.ALL.get(Memory.FLOAT, x + 4L * i);
      sum += v * v;
    }
    return sum;
  }

  private static void normalise(long out, long x, long w, float r, int count) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector.fromMemorySegment(FLOATS, Memory.ALL, x + 4L * i, Memory.ORDER)
          .mul(r)
          .mul(FloatVector.fromMemorySegment(FLOATS, Memory.ALL, w + 4L * i, Memory.ORDER))
          .intoMemorySegment(Memory.ALL, out + 4L * i, Memory.ORDER);
    }
    for (; i < count; i++) {
      float product = Memory.ALL.get(Memory.FLOAT, x + 4L * i) * r;
      Memory.ALL.set(
          Memory.FLOAT, out + 4L * i, product * Memory.ALL.get(Memory.FLOAT, w + 4L * i));
    }
  }
}
