package dev.hadal.nn;

import dev.hadal.ops.Ops;
import dev.hadal.tensor.Tensor;

/** W_down(silu(W_gate x) * W_up x). Source: arXiv:2002.05202. */
public record SwiGlu(Linear gate, Linear up, Linear down) implements FeedForward {
  public static SwiGlu of(Weights weights, int hidden, int intermediate) {
    return of(weights, hidden, intermediate, false);
  }

  public static SwiGlu of(Weights weights, int hidden, int intermediate, boolean biased) {
    return new SwiGlu(
        Linear.of(weights.at("gate_proj"), intermediate, hidden, biased),
        Linear.of(weights.at("up_proj"), intermediate, hidden, biased),
        Linear.of(weights.at("down_proj"), hidden, intermediate, biased));
  }

  @Override
  public Tensor forward(Ops ops, Tensor x_TD) {
    return down.forward(ops, ops.swiglu(gate.forward(ops, x_TD), up.forward(ops, x_TD)));
  }
}
