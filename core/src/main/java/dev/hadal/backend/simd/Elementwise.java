package dev.hadal.backend.simd;

/** What touches every number of a row once, over floats in memory. Any thread may call. */
public interface Elementwise {
  /** The Vector API's. */
  Elementwise ON_VECTORS = new VectorElementwise();

  /** out = a + b. */
  void add(long out, long a, long b, int count);

  /** out = gate / (1 + exp(-gate)) * up. */
  void swiglu(long out, long gate, long up, int count);

  /** out = x / sqrt(mean(x^2) + eps) * w. */
  void rmsNorm(long out, long x, long w, float eps, int count);
}
