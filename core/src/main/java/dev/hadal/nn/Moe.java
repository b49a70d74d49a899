package dev.hadal.nn;

import dev.hadal.backend.ExpertWeights;
import dev.hadal.backend.Routing;
import dev.hadal.ops.Ops;
import dev.hadal.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fine-grained mixture of experts: sum over the chosen of weight_e FFN_e(x), plus experts that
 * every token shares. Source: DeepSeekMoE, arXiv:2401.06066.
 *
 * @param router logits of the E experts
 * @param bias_E added to the scores for the choice alone (arXiv:2408.15664)
 * @param shared the experts every token shares, as one feed-forward
 * @param sharedGate one logit whose sigmoid weighs the shared experts (Qwen2-MoE)
 */
public record Moe(
    Linear router,
    @Nullable Tensor bias_E,
    Routing routing,
    ExpertWeights experts,
    @Nullable FeedForward shared,
    @Nullable Linear sharedGate)
    implements FeedForward {

  /** The routed experts in the scope {@code experts.N}. */
  public static ExpertWeights experts(Weights weights, int count, int hidden, int intermediate) {
    List<Tensor> gate = new ArrayList<>(count);
    List<Tensor> up = new ArrayList<>(count);
    List<Tensor> down = new ArrayList<>(count);
    for (int e = 0; e < count; e++) {
      Weights expert = weights.at("experts." + e);
      gate.add(expert.tensor("gate_proj.weight", intermediate, hidden));
      up.add(expert.tensor("up_proj.weight", intermediate, hidden));
      down.add(expert.tensor("down_proj.weight", hidden, intermediate));
    }
    return new ExpertWeights(gate, up, down);
  }

  @Override
  public Tensor forward(Ops ops, Tensor x_TD) {
    Tensor y_TD = ops.experts(x_TD, router.forward(ops, x_TD), bias_E, routing, experts);
    if (shared == null) {
      return y_TD;
    }
    Tensor shared_TD = shared.forward(ops, x_TD);
    return sharedGate == null
        ? ops.add(y_TD, shared_TD)
        : ops.addGated(y_TD, shared_TD, sharedGate.forward(ops, x_TD));
  }
}
