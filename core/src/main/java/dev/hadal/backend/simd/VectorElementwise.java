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

  private static double squares(long x, int count) {
    FloatVector s0 = FloatVector.zero(FLOATS);
    FloatVector s1 = s0;
    int i = 0;
    for (; i <= count - 2 * LANES; i += 2 * LANES) {
      FloatVector v = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, x + 4L * i, Memory.ORDER);
      s0 = v.fma(v, s0);
      v = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, x + 4L * i + 4L * LANES, Memory.ORDER);
      s1 = v.fma(v, s1);
    }
    double sum = Lanes.sum(s0.add(s1));
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
