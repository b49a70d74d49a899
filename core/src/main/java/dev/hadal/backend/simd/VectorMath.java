package dev.hadal.backend.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Exponentials over arrays and memory, within 2e-7 of the number.
 *
 * <p>exp(x) = 2^n exp(r), n = round(x / ln 2), |r| <= ln 2 / 2: rounding by adding and taking away
 * 1.5 * 2^23, ln 2 in two parts so that r is exact, a polynomial of degree six for exp(r) (Cephes'
 * coefficients), and n added into the exponent. Below -87 the result is 0.
 */
final class VectorMath {
  private static final VectorSpecies<Float> FLOATS = Lanes.FLOATS;
  private static final int LANES = Lanes.COUNT;

  private static final float LOG2_E = 0x1.715476p0f; // 1.44269504
  private static final float ROUND = 0x1.8p23f;
  private static final float LN2_HIGH = 0x1.63p-1f; // 0.693359375
  private static final float LN2_LOW = -0x1.bd0106p-13f; // -2.12194440e-4
  private static final float LOWEST = -87f;
  private static final float HIGHEST = 88f;
  private static final float P0 = 0x1.a0d2cep-13f; // 1.9875691500e-4
  private static final float P1 = 0x1.6e879cp-10f; // 1.3981999507e-3
  private static final float P2 = 0x1.11121p-7f; // 8.3334519073e-3
  private static final float P3 = 0x1.555382p-5f; // 4.1665795894e-2
  private static final float P4 = 0x1.555554p-3f; // 1.6666665459e-1
  private static final float P5 = 0.5f; // 5.0000001201e-1

  private VectorMath() {}

  /**
   * s_i = exp(s_i - max) in place.
   *
   * @param count a multiple of the vector length
   * @return their sum
   */
  static float softmaxPart(float[] s, int at, int count, float max) {
    for (int i = at; i < at + count; i += LANES) {
      FloatVector x = FloatVector.fromArray(FLOATS, s, i).sub(max);
      FloatVector clamped = x.max(LOWEST);
      FloatVector shifted = clamped.fma(LOG2_E, ROUND);
      FloatVector n = shifted.sub(ROUND);
      FloatVector r = n.mul(-LN2_HIGH).add(clamped);
      r = n.mul(-LN2_LOW).add(r);
      FloatVector p = r.fma(P0, P1);
      p = p.mul(r).add(P2);
      p = p.mul(r).add(P3);
      p = p.mul(r).add(P4);
      p = p.mul(r).add(P5);
      p = p.mul(r.mul(r)).add(r).add(1f);
      FloatVector e =
          p.reinterpretAsInts()
              .add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
              .reinterpretAsFloats();
      e = e.blend(0f, x.compare(VectorOperators.LT, LOWEST));
      e.intoArray(s, i);
    }
    return sum(s, at, count);
  }

  // Apart, since the compiler does not inline it into the above, and makes an object of the vector.
  private static float sum(float[] s, int at, int count) {
    FloatVector sum = FloatVector.zero(FLOATS);
    for (int i = at; i < at + count; i += LANES) {
      sum = sum.add(FloatVector.fromArray(FLOATS, s, i));
    }
    return Lanes.sum(sum);
  }

  /** out = gate / (1 + exp(-gate)) * up over memory. */
  static void swiglu(long out, long gate, long up, int count) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector g =
          FloatVector.fromMemorySegment(FLOATS, Memory.ALL, gate + 4L * i, Memory.ORDER);
      FloatVector x = g.neg().max(LOWEST).min(HIGHEST);
      FloatVector shifted = x.fma(LOG2_E, ROUND);
      FloatVector n = shifted.sub(ROUND);
      FloatVector r = n.mul(-LN2_HIGH).add(x);
      r = n.mul(-LN2_LOW).add(r);
      FloatVector p = r.fma(P0, P1);
      p = p.mul(r).add(P2);
      p = p.mul(r).add(P3);
      p = p.mul(r).add(P4);
      p = p.mul(r).add(P5);
      p = p.mul(r.mul(r)).add(r).add(1f);
      FloatVector e =
          p.reinterpretAsInts()
              .add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
              .reinterpretAsFloats();
      g.div(e.add(1f))
          .mul(FloatVector.fromMemorySegment(FLOATS, Memory.ALL, up + 4L * i, Memory.ORDER))
          .intoMemorySegment(Memory.ALL, out + 4L * i, Memory.ORDER);
    }
    for (; i < count; i++) {
      float g = Memory.ALL.get(Memory.FLOAT, gate + 4L * i);
      float u = Memory.ALL.get(Memory.FLOAT, up + 4L * i);
      Memory.ALL.set(Memory.FLOAT, out + 4L * i, (float) (g / (1 + Math.exp(-g))) * u);
    }
  }

  /** gate = gate / (1 + exp(-gate)) * up over arrays. */
  static void swiglu(float[] gate, int at, float[] up, int upAt, int count) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector g = FloatVector.fromArray(FLOATS, gate, at + i);
      FloatVector x = g.neg().max(LOWEST).min(HIGHEST);
      FloatVector shifted = x.fma(LOG2_E, ROUND);
      FloatVector n = shifted.sub(ROUND);
      FloatVector r = n.mul(-LN2_HIGH).add(x);
      r = n.mul(-LN2_LOW).add(r);
      FloatVector p = r.fma(P0, P1);
      p = p.mul(r).add(P2);
      p = p.mul(r).add(P3);
      p = p.mul(r).add(P4);
      p = p.mul(r).add(P5);
      p = p.mul(r.mul(r)).add(r).add(1f);
      FloatVector e =
          p.reinterpretAsInts()
              .add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
              .reinterpretAsFloats();
      g.div(e.add(1f)).mul(FloatVector.fromArray(FLOATS, up, upAt + i)).intoArray(gate, at + i);
    }
    for (; i < count; i++) {
      float g = gate[at + i];
      gate[at + i] = (float) (g / (1 + Math.exp(-g))) * up[upAt + i];
    }
  }
}
