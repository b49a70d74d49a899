package dev.hadal.model;

import dev.hadal.format.Config;
import dev.hadal.nn.Attention;
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
              new Attention(layer.at("self_attn"), shape, i, config.rmsNormEps(), Extra.QK_NORM),
              SwiGlu.of(layer.at("mlp"), config.hiddenSize(), config.intermediateSize()));
        });
  }
}
