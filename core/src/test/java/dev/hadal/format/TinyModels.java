package dev.hadal.format;

import dev.hadal.tensor.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Small models made from a seed, for tests that have no real ones. */
final class TinyModels {
  static final int HIDDEN = 64;
  static final int VOCABULARY = 96;

  private TinyModels() {}

  /** A Llama-shaped safetensors folder; embeddings and output are one matrix. */
  static Map<String, Object> llamaConfig() {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("model_type", "llama");
    config.put("vocab_size", VOCABULARY);
    config.put("hidden_size", HIDDEN);
    config.put("intermediate_size", 96);
    config.put("num_hidden_layers", 2);
    config.put("num_attention_heads", 4);
    config.put("num_key_value_heads", 2);
    config.put("rms_norm_eps", 1e-5);
    config.put("rope_theta", 10000.0);
    config.put("max_position_embeddings", 128);
    config.put("tie_word_embeddings", true);
    return config;
  }

  static List<OutputTensor> llama(DType type) {
    List<OutputTensor> tensors = new ArrayList<>();
    tensors.add(random("model.embed_tokens.weight", type, VOCABULARY, HIDDEN));
    tensors.add(random("model.norm.weight", DType.F32, HIDDEN));
    for (int i = 0; i < 2; i++) {
      String layer = "model.layers." + i + ".";
      tensors.add(random(layer + "input_layernorm.weight", DType.F32, HIDDEN));
      tensors.add(random(layer + "post_attention_layernorm.weight", DType.F32, HIDDEN));
      tensors.add(random(layer + "self_attn.q_proj.weight", type, HIDDEN, HIDDEN));
      tensors.add(random(layer + "self_attn.k_proj.weight", type, HIDDEN / 2, HIDDEN));
      tensors.add(random(layer + "self_attn.v_proj.weight", type, HIDDEN / 2, HIDDEN));
      tensors.add(random(layer + "self_attn.o_proj.weight", type, HIDDEN, HIDDEN));
      tensors.add(random(layer + "mlp.gate_proj.weight", type, 96, HIDDEN));
      tensors.add(random(layer + "mlp.up_proj.weight", type, 96, HIDDEN));
      tensors.add(random(layer + "mlp.down_proj.weight", type, HIDDEN, 96));
    }
    return tensors;
  }

  /** DeepSeek-V3 in small: latent attention, one dense layer, one of four experts. */
  static Map<String, Object> deepSeekConfig() {
    Map<String, Object> config = llamaConfig();
    config.put("model_type", "deepseek_v3");
    config.put("tie_word_embeddings", false);
    config.put("num_key_value_heads", 4);
    config.put("q_lora_rank", 32);
    config.put("kv_lora_rank", 32);
    config.put("qk_nope_head_dim", 16);
    config.put("qk_rope_head_dim", 8);
    config.put("v_head_dim", 16);
    config.put("n_routed_experts", 4);
    config.put("num_experts_per_tok", 2);
    config.put("n_shared_experts", 1);
    config.put("moe_intermediate_size", 32);
    config.put("first_k_dense_replace", 1);
    config.put("n_group", 2);
    config.put("topk_group", 1);
    config.put("routed_scaling_factor", 2.5);
    return config;
  }

  static List<OutputTensor> deepSeek(DType type) {
    List<OutputTensor> tensors = new ArrayList<>();
    tensors.add(random("model.embed_tokens.weight", type, VOCABULARY, HIDDEN));
    tensors.add(random("model.norm.weight", DType.F32, HIDDEN));
    tensors.add(random("lm_head.weight", type, VOCABULARY, HIDDEN));
    for (int i = 0; i < 2; i++) {
      String layer = "model.layers." + i + ".";
      String attention = layer + "self_attn.";
      tensors.add(random(layer + "input_layernorm.weight", DType.F32, HIDDEN));
      tensors.add(random(layer + "post_attention_layernorm.weight", DType.F32, HIDDEN));
      tensors.add(random(attention + "q_a_proj.weight", type, 32, HIDDEN));
      tensors.add(random(attention + "q_a_layernorm.weight", DType.F32, 32));
      tensors.add(random(attention + "q_b_proj.weight", type, 4 * 24, 32));
      tensors.add(random(attention + "kv_a_proj_with_mqa.weight", type, 40, HIDDEN));
      tensors.add(random(attention + "kv_a_layernorm.weight", DType.F32, 32));
      tensors.add(random(attention + "kv_b_proj.weight", type, 4 * 32, 32));
      tensors.add(random(attention + "o_proj.weight", type, HIDDEN, HIDDEN));
    }
    feedForward(tensors, "model.layers.0.mlp.", type, 96);
    tensors.add(random("model.layers.1.mlp.gate.weight", DType.F32, 4, HIDDEN));
    tensors.add(random("model.layers.1.mlp.gate.e_score_correction_bias", DType.F32, 4));
    feedForward(tensors, "model.layers.1.mlp.shared_experts.", type, 32);
    for (int e = 0; e < 4; e++) {
      feedForward(tensors, "model.layers.1.mlp.experts." + e + ".", type, 32);
    }
    return tensors;
  }

  static Path write(Path folder, Map<String, Object> config, List<OutputTensor> tensors) {
    SafetensorsWriter.write(folder, config, tensors, 1 << 30, Progress.NONE);
    return folder;
  }

  /** Normal numbers that depend on the name and the row alone. */
  static OutputTensor random(String name, DType type, int... shape) {
    int columns = shape[shape.length - 1];
    return OutputTensor.of(
        name,
        type,
        (first, count, dst) -> {
          for (int row = 0; row < count; row++) {
            Random random = new Random(name.hashCode() + 31L * (first + row));
            for (int i = 0; i < columns; i++) {
              dst[row * columns + i] = (float) random.nextGaussian();
            }
          }
        },
        shape);
  }

  private static void feedForward(List<OutputTensor> tensors, String scope, DType type, int width) {
    tensors.add(random(scope + "gate_proj.weight", type, width, HIDDEN));
    tensors.add(random(scope + "up_proj.weight", type, width, HIDDEN));
    tensors.add(random(scope + "down_proj.weight", type, HIDDEN, width));
  }
}
