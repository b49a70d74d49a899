package dev.hadal.backend.simd;

import dev.hadal.backend.Rows;
import dev.hadal.tensor.Tensor;

/** Products of a few rows with one of a stack of matrices, made by one worker. */
@FunctionalInterface
public interface HeadProduct {
  /** By {@link Gemm}. */
  HeadProduct ON_VECTORS = onVectors(Rows.ANY);

  /** As {@link #ON_VECTORS}, for rows of one kind. */
  static HeadProduct onVectors(Rows rows) {
    return (w, h, x, xAt, count, out, outAt, outStride, worker) ->
        multiply(w, h, x, xAt, count, out, outAt, outStride, worker, rows);
  }

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
      Worker worker,
      Rows rows) {
    Weight w = worker.weight.set(w_HOI, h);
    Activations x = worker.activations.of(rows);
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
