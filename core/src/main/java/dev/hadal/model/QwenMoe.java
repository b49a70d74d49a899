package dev.hadal.model;

import dev.hadal.backend.Routing;
import dev.hadal.format.Config;
import dev.hadal.nn.Attention.Extra;
import dev.hadal.nn.FeedForward;
import dev.hadal.nn.Linear;
import dev.hadal.nn.Moe;
import dev.hadal.nn.SwiGlu;
import dev.hadal.nn.Weights;
import org.jspecify.annotations.Nullable;

/**
 * Qwen's mixtures of experts: Qwen2-MoE (Qwen2's attention, one gated shared expert) and Qwen3-MoE
 * (Qwen3's attention, none).
 *
 * <p>Sources: arXiv:2407.10671, arXiv:2505.09388; tensor names as in the Hugging Face checkpoints.
 */
final class QwenMoe {
  private QwenMoe() {}

  static Model createQwen2(Config config, Weights weights) {
    return create(config, weights, Extra.QKV_BIAS, config.sharedExpertIntermediateSize());
  }

  static Model createQwen3(Config config, Weights weights) {
    return create(config, weights, Extra.QK_NORM, 0);
  }

  private static Model create(Config config, Weights weights, Extra extra, int sharedSize) {
    return Decoder.withAttention(
        config,
        weights,
        (mlp, i) ->
            isSparse(config, i)
                ? moe(config, mlp, sharedSize)
                : SwiGlu.of(mlp, config.hiddenSize(), config.intermediateSize()),
        extra);
  }

  private static boolean isSparse(Config config, int layer) {
    return !config.mlpOnlyLayers().contains(layer) && (layer + 1) % config.decoderSparseStep() == 0;
  }

  private static Moe moe(Config config, Weights mlp, int sharedSize) {
    int hidden = config.hiddenSize();
    int experts = config.numExperts();
    Routing routing =
        new Routing(
            config.numExpertsPerTok(),
            Routing.Scoring.SOFTMAX,
            1,
            1,
            Routing.GroupScore.MAX,
            config.normTopkProb(),
            1);
    @Nullable FeedForward shared =
        sharedSize == 0 ? null : SwiGlu.of(mlp.at("shared_expert"), hidden, sharedSize);
    @Nullable Linear sharedGate =
        sharedSize == 0 ? null : Linear.of(mlp.at("shared_expert_gate"), 1, hidden);
    return new Moe(
        Linear.of(mlp.at("gate"), experts, hidden),
        null,
        routing,
        Moe.experts(mlp, experts, hidden, config.moeIntermediateSize()),
        shared,
        sharedGate);
  }
}
