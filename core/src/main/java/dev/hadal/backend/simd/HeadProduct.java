package dev.hadal.backend.simd;

import dev.hadal.tensor.Tensor;

/** Products of a few rows with one of a stack of matrices, made by one worker. */
@FunctionalInterface
public interface HeadProduct {
  /** By {@link Gemm}. */
  HeadProduct ON_VECTORS = HeadProduct::multiply;

  /**
   * out_t = W_h x_t.
   *
   * @param xAt where x_0 is; the others follow it
   * @param count rows t
   * @param outAt where out_0 is, {@code outStride} before out_1
   */
  void run(
      Tensor w_HOI,
      int h,
      float[] x_TI,
      int xAt,
      int count,
      float[] out,
      int outAt,
      int outStride,
      Worker worker);

  private static void multiply(
      Tensor w_HOI,
      int h,
      float[] x_TI,
      int xAt,
      int count,
      float[] out,
      int outAt,
      int outStride,
      Worker worker) {
    Weight w = worker.weight.set(w_HOI, h);
    Activations x = worker.activations;
    x.shape(count, w.inputs);
    x.loadArray(x_TI, xAt);
    x.prepare(w.type);
    float[] products = worker.floats(Worker.OUTPUTS, Gemm.outputSize(w.outputs, x));
    Gemm.multiply(w, 0, w.outputs, x, products, worker);
    int stride = Gemm.outputStride(x);
    for (int t = 0; t < count; t++) {
      for (int o = 0; o < w.outputs; o++) {
        out[outAt + t * outStride + o] = products[o * stride + t];
      }
    }
  }
}
