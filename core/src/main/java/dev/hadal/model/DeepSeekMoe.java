package dev.hadal.model;

import dev.hadal.format.Config;
import dev.hadal.nn.Weights;

/**
 * DeepSeekMoE, the first generation: Llama's attention, and the mixtures of experts that {@link
 * DeepSeek} kept. Source: arXiv:2401.06066; tensor names as in the Hugging Face checkpoint.
 * (DeepSeek LLM and the first Coder are plain {@link Llama}.)
 */
final class DeepSeekMoe {
  private DeepSeekMoe() {}

  static Model create(Config config, Weights weights) {
    return Decoder.withAttention(config, weights, (mlp, i) -> DeepSeek.feedForward(config, mlp, i));
  }
}
