package dev.hadal.model;

import dev.hadal.format.Config;
import dev.hadal.nn.Attention;
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
              new Attention(layer.at("self_attn"), shape, i, config.rmsNormEps(), Extra.QKV_BIAS),
              SwiGlu.of(layer.at("mlp"), config.hiddenSize(), config.intermediateSize()));
        });
  }
}
