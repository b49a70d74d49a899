package dev.hadal.nn;

import dev.hadal.ops.Ops;
import dev.hadal.tensor.Tensor;

/** y_i = x_i w_i / sqrt(mean x^2 + eps). Source: arXiv:1910.07467. */
public record RmsNorm(Tensor w_D, float eps) {
  public static RmsNorm of(Weights weights, int size, double eps) {
    return new RmsNorm(weights.vector("weight", size), (float) eps);
  }

  public Tensor forward(Ops ops, Tensor x_TD) {
    return ops.rmsNorm(x_TD, w_D, eps);
  }

  /** Normalises each head of (T, H, d) on its own. */
  public Tensor perHead(Ops ops, Tensor x_THd) {
    int rows = x_THd.dim(0) * x_THd.dim(1);
    Tensor y = ops.rmsNorm(x_THd.view(rows, x_THd.dim(2)), w_D, eps);
    return y.view(x_THd.dim(0), x_THd.dim(1), x_THd.dim(2));
  }
}
