package dev.hadal.backend.simd;

/**
 * Plain loops for models so small that vectors would not pay. Until the JVM has compiled it, vector
 * code makes an object of every vector and takes a microsecond for it; a small model would have
 * told its story by then.
 *
 * <p>What is small is decided by a model's shape alone, so that a row is the same number whatever
 * batch it is in.
 */
final class Scalar {
  /** Weights of a matrix up to which products are plain loops. */
  private static final int MATRIX = 32 << 10;

  /** Numbers of a row up to which norms and activations are. */
  static final int ROW = 192;

  /** Numbers of a head up to which attention is. */
  static final int HEAD = 16;

  private Scalar() {}

  /** Whether a product with {@code w} is so small. */
  static boolean takes(Weight w) {
    return (long) w.outputs * w.inputs <= MATRIX
        && switch (w.type) {
          case F32, F16 -> true;
          default -> false;
        };
  }

  /** a . b over {@code length} numbers. */
  static float dot(float[] a, int aAt, float[] b, int bAt, int length) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int i = 0;
    for (; i <= length - 4; i += 4) {
      s0 += a[aAt + i] * b[bAt + i];
      s1 += a[aAt + i + 1] * b[bAt + i + 1];
      s2 += a[aAt + i + 2] * b[bAt + i + 2];
      s3 += a[aAt + i + 3] * b[bAt + i + 3];
    }
    for (; i < length; i++) {
      s0 += a[aAt + i] * b[bAt + i];
    }
    return (s0 + s1) + (s2 + s3);
  }

  /** out_t = x_t . w_o for a row o of a matrix; one number every {@code stride}. */
  static void row(
      float[] x, int count, float[] w, int inputs, float bias, float[] out, int at, int stride) {
    for (int t = 0; t < count; t++) {
      out[at + t * stride] = dot(x, t * inputs, w, 0, inputs) + bias;
    }
  }

  /** y += factor x. */
  static void addScaled(float[] y, int yAt, float[] x, int xAt, float factor, int length) {
    for (int i = 0; i < length; i++) {
      y[yAt + i] += factor * x[xAt + i];
    }
  }

  /** s_i = exp(s_i - max) in place; their sum. */
  static float softmaxPart(float[] s, int at, int count, float max) {
    float sum = 0;
    for (int i = at; i < at + count; i++) {
      s[i] = s[i] == Float.NEGATIVE_INFINITY ? 0 : (float) Math.exp(s[i] - max);
      sum += s[i];
    }
    return sum;
  }

  /** gate = gate / (1 + exp(-gate)) * up. */
  static void swiglu(float[] gate, float[] up, int count) {
    for (int i = 0; i < count; i++) {
      gate[i] = (float) (gate[i] / (1 + Math.exp(-gate[i]))) * up[i];
    }
  }

  /** x w / sqrt(mean x^2 + eps) in place. */
  static void normalise(float[] x, float[] w, float eps, int count) {
    double mean = (double) dot(x, 0, x, 0, count) / count;
    float r = (float) (1 / Math.sqrt(mean + eps));
    for (int i = 0; i < count; i++) {
      x[i] = x[i] * r * w[i];
    }
  }
}
