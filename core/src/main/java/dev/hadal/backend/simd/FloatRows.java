package dev.hadal.backend.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Dot products of floats. */
final class FloatRows {
  private static final VectorSpecies<Float> FLOATS = Lanes.FLOATS;
  private static final int LANES = Lanes.COUNT;

  private FloatRows() {}

  /** a . b over {@code length} numbers. */
  static float dot(float[] a, int aAt, float[] b, int bAt, int length) {
    FloatVector s0 = FloatVector.zero(FLOATS);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = 0;
    for (; i <= length - 4 * LANES; i += 4 * LANES) {
      s0 =
          FloatVector.fromArray(FLOATS, a, aAt + i)
              .fma(FloatVector.fromArray(FLOATS, b, bAt + i), s0);
      s1 =
          FloatVector.fromArray(FLOATS, a, aAt + i + LANES)
              .fma(FloatVector.fromArray(FLOATS, b, bAt + i + LANES), s1);
      s2 =
          FloatVector.fromArray(FLOATS, a, aAt + i + 2 * LANES)
              .fma(FloatVector.fromArray(FLOATS, b, bAt + i + 2 * LANES), s2);
      s3 =
          FloatVector.fromArray(FLOATS, a, aAt + i + 3 * LANES)
              .fma(FloatVector.fromArray(FLOATS, b, bAt + i + 3 * LANES), s3);
    }
    for (; i <= length - LANES; i += LANES) {
      s0 =
          FloatVector.fromArray(FLOATS, a, aAt + i)
              .fma(FloatVector.fromArray(FLOATS, b, bAt + i), s0);
    }
    float sum = Lanes.sum(s0.add(s1).add(s2.add(s3)));
    for (; i < length; i++) {
      sum += a[aAt + i] * b[bAt + i];
    }
    return sum;
  }

  /** c_r = w_r . x for F32 rows in memory. */
  static void f32(long w, long rowBytes, int rows, float[] x, int xAt, int length, float[] c) {
    for (int r = 0; r < rows; r++) {
      c[r] = dot(w + r * rowBytes, x, xAt, length);
    }
  }

  private static float dot(long w, float[] x, int xAt, int length) {
    FloatVector s0 = FloatVector.zero(FLOATS);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = 0;
    for (; i <= length - 4 * LANES; i += 4 * LANES) {
      long at = w + 4L * i;
      s0 =
          FloatVector.fromMemorySegment(FLOATS, Memory.ALL, at, Memory.ORDER)
              .fma(FloatVector.fromArray(FLOATS, x, xAt + i), s0);
      s1 =
          FloatVector.fromMemorySegment(FLOATS, Memory.ALL, at + 4L * LANES, Memory.ORDER)
              .fma(FloatVector.fromArray(FLOATS, x, xAt + i + LANES), s1);
      s2 =
          FloatVector.fromMemorySegment(FLOATS, Memory.ALL, at + 8L * LANES, Memory.ORDER)
              .fma(FloatVector.fromArray(FLOATS, x, xAt + i + 2 * LANES), s2);
      s3 =
          FloatVector.fromMemorySegment(FLOATS, Memory.ALL, at + 12L * LANES, Memory.ORDER)
              .fma(FloatVector.fromArray(FLOATS, x, xAt + i + 3 * LANES), s3);
    }
    float sum = Lanes.sum(s0.add(s1).add(s2.add(s3)));
    for (; i < length; i++) {
      sum += Memory.ALL.get(Memory.FLOAT, w + 4L * i) * x[xAt + i];
    }
    return sum;
  }

  /** y += factor x. */
  static void addScaled(float[] y, int yAt, float[] x, int xAt, float factor, int length) {
    int i = 0;
    for (; i <= length - LANES; i += LANES) {
      FloatVector.fromArray(FLOATS, x, xAt + i)
          .mul(factor)
          .add(FloatVector.fromArray(FLOATS, y, yAt + i))
          .intoArray(y, yAt + i);
    }
    for (; i < length; i++) {
      y[yAt + i] += factor * x[xAt + i];
    }
  }

  /** y += f_0 x_0 + .. + f_3 x_3; the four rows follow one another. */
  static void addScaled4(
      float[] y, int yAt, float[] x, int xAt, float[] factors, int fAt, int length) {
    float f0 = factors[fAt];
    float f1 = factors[fAt + 1];
    float f2 = factors[fAt + 2];
    float f3 = factors[fAt + 3];
    int x1 = xAt + length;
    int x2 = x1 + length;
    int x3 = x2 + length;
    int i = 0;
    for (; i <= length - LANES; i += LANES) {
      FloatVector sum = FloatVector.fromArray(FLOATS, y, yAt + i);
      sum = FloatVector.fromArray(FLOATS, x, xAt + i).mul(f0).add(sum);
      sum = FloatVector.fromArray(FLOATS, x, x1 + i).mul(f1).add(sum);
      sum = FloatVector.fromArray(FLOATS, x, x2 + i).mul(f2).add(sum);
      sum = FloatVector.fromArray(FLOATS, x, x3 + i).mul(f3).add(sum);
      sum.intoArray(y, yAt + i);
    }
    for (; i < length; i++) {
      y[yAt + i] += f0 * x[xAt + i] + f1 * x[x1 + i] + f2 * x[x2 + i] + f3 * x[x3 + i];
    }
  }

  /** Four rows times one: out[outAt + r outStride] = a_r . b; the rows follow one another. */
  static void dot4(
      float[] a, int aAt, float[] b, int bAt, int length, float[] out, int outAt, int outStride) {
    FloatVector s0 = FloatVector.zero(FLOATS);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = 0;
    for (; i <= length - LANES; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOATS, b, bAt + i);
      s0 = v.fma(FloatVector.fromArray(FLOATS, a, aAt + i), s0);
      s1 = v.fma(FloatVector.fromArray(FLOATS, a, aAt + length + i), s1);
      s2 = v.fma(FloatVector.fromArray(FLOATS, a, aAt + 2 * length + i), s2);
      s3 = v.fma(FloatVector.fromArray(FLOATS, a, aAt + 3 * length + i), s3);
    }
    float r0 = Lanes.sum(s0);
    float r1 = Lanes.sum(s1);
    float r2 = Lanes.sum(s2);
    float r3 = Lanes.sum(s3);
    for (; i < length; i++) {
      float v = b[bAt + i];
      r0 += v * a[aAt + i];
      r1 += v * a[aAt + length + i];
      r2 += v * a[aAt + 2 * length + i];
      r3 += v * a[aAt + 3 * length + i];
    }
    out[outAt] = r0;
    out[outAt + outStride] = r1;
    out[outAt + 2 * outStride] = r2;
    out[outAt + 3 * outStride] = r3;
  }
}
