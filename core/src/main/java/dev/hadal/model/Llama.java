package dev.hadal.model;

import dev.hadal.backend.Routing;
import dev.hadal.format.Config;
import dev.hadal.nn.Attention.Extra;
import dev.hadal.nn.FeedForward;
import dev.hadal.nn.Linear;
import dev.hadal.nn.Moe;
import dev.hadal.nn.SwiGlu;
import dev.hadal.nn.Weights;

/**
 * Llama 1 to 3.x and what was built on it: Mistral (a sliding window), Mixtral (experts in the
 * place of the feed-forward).
 *
 * <p>Sources: arXiv:2302.13971, arXiv:2307.09288, arXiv:2407.21783; Mistral arXiv:2310.06825,
 * Mixtral arXiv:2401.04088. Tensor names as in the Hugging Face checkpoints.
 */
final class Llama {
  private Llama() {}

  static Model create(Config config, Weights weights) {
    return Decoder.withAttention(
        config, weights, (mlp, i) -> feedForward(config, mlp), biases(config));
  }

  /** Llama itself has none; some of what was built on it has. */
  private static Extra[] biases(Config config) {
    if (config.attentionBias()) {
      return new Extra[] {Extra.QKV_BIAS, Extra.OUTPUT_BIAS};
    }
    return config.booleanOf("qkv_bias", false) ? new Extra[] {Extra.QKV_BIAS} : new Extra[] {};
  }

  private static FeedForward feedForward(Config config, Weights mlp) {
    int hidden = config.hiddenSize();
    int experts = config.numExperts();
    if (experts == 0) {
      return SwiGlu.of(mlp, hidden, config.intermediateSize(), config.booleanOf("mlp_bias", false));
    }
    Routing routing =
        new Routing(
            config.numExpertsPerTok(),
            Routing.Scoring.SOFTMAX,
            1,
            1,
            Routing.GroupScore.MAX,
            true,
            1);
    return new Moe(
        Linear.of(mlp.at("gate"), experts, hidden),
        null,
        routing,
        Moe.experts(mlp, experts, hidden, config.moeIntermediateSize()),
        null,
        null);
  }
}
