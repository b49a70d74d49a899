package dev.hadal.nn;

import dev.hadal.ops.Ops;
import dev.hadal.tensor.Tensor;

/** The half of a block where each token is alone. */
public interface FeedForward {
  /** (T, D) to (T, D). */
  Tensor forward(Ops ops, Tensor x_TD);
}
