package dev.hadal.model;

import dev.hadal.format.Config;
import dev.hadal.nn.Attention.Extra;
import dev.hadal.nn.SwiGlu;
import dev.hadal.nn.Weights;

/**
 * Qwen3, dense: pre-norm blocks, grouped-query attention with an RMSNorm on every q and k head,
 * SwiGLU. Source: arXiv:2505.09388; tensor names as in the Hugging Face checkpoints.
 */
final class Qwen3 {
  private Qwen3() {}

  static Model create(Config config, Weights weights) {
    return Decoder.withAttention(
        config,
        weights,
        (mlp, i) -> SwiGlu.of(mlp, config.hiddenSize(), config.intermediateSize()),
        Extra.QK_NORM);
  }
}
