package dev.hadal.model;

import dev.hadal.format.Config;
import dev.hadal.nn.Attention;
import dev.hadal.nn.Weights;

/**
 * DeepSeekMoE, the first generation: Llama's attention, and the mixtures of experts that {@link
 * DeepSeek} kept. Source: arXiv:2401.06066; tensor names as in the Hugging Face checkpoint.
 * (DeepSeek LLM and the first Coder are plain {@link Llama}.)
 */
final class DeepSeekMoe {
  private DeepSeekMoe() {}

  static Model create(Config config, Weights weights) {
    Attention.Shape shape = Llama.attentionShape(config);
    return new Decoder(
        config,
        weights,
        shape.headDim(),
        i -> {
          Weights layer = weights.at("model.layers." + i);
          return Decoder.Block.of(
              config,
              layer,
              new Attention(layer.at("self_attn"), shape, i, config.rmsNormEps()),
              DeepSeek.feedForward(config, layer.at("mlp"), i));
        });
  }
}
