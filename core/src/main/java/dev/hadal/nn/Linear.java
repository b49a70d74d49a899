package dev.hadal.nn;

import dev.hadal.ops.Ops;
import dev.hadal.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** y = x W^T (+ bias). */
public record Linear(Tensor w_OI, @Nullable Tensor bias_O) {
  /** The scope's matrix alone. */
  public static Linear of(Weights weights, int out, int in) {
    return new Linear(weights.tensor("weight", out, in), null);
  }

  /** The scope's matrix, and its bias where there is one. */
  public static Linear of(Weights weights, int out, int in, boolean biased) {
    return new Linear(
        weights.tensor("weight", out, in), biased ? weights.vector("bias", out) : null);
  }

  public Tensor forward(Ops ops, Tensor x_TI) {
    return ops.linear(x_TI, w_OI, bias_O);
  }
}
