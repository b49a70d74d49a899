package dev.hadal.model;

import dev.hadal.format.Config;
import dev.hadal.nn.Attention.Extra;
import dev.hadal.nn.SwiGlu;
import dev.hadal.nn.Weights;

/**
 * Qwen2 and Qwen2.5 (DeepSeek-R1-Distill-Qwen too): Llama's blocks with biases on q, k and v.
 * Source: arXiv:2407.10671; tensor names as in the Hugging Face checkpoints.
 */
final class Qwen2 {
  private Qwen2() {}

  static Model create(Config config, Weights weights) {
    return Decoder.withAttention(
        config,
        weights,
        (mlp, i) -> SwiGlu.of(mlp, config.hiddenSize(), config.intermediateSize()),
        Extra.QKV_BIAS);
  }
}
