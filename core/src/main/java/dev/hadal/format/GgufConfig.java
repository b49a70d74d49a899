package dev.hadal.format;

import dev.hadal.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * GGUF's metadata as the keys of a Hugging Face {@code config.json}.
 *
 * <p>Sources: {@code gguf-py/gguf/constants.py} and {@code src/llama-model.cpp} of llama.cpp. What
 * a file leaves out follows from its tensors where it can.
 */
final class GgufConfig {
  /** Architectures whose files keep the two numbers of a rotated pair side by side. */
  private static final Set<String> INTERLEAVED =
      Set.of(
          "llama",
          "llama4",
          "mistral3",
          "deepseek",
          "deepseek2",
          "smollm3",
          "granite",
          "granitemoe",
          "minicpm",
          "internlm2",
          "arcee",
          "command-r",
          "cohere2",
          "olmo",
          "baichuan",
          "xverse");

  private static final Map<String, String> MODEL_TYPES =
      Map.of("qwen2moe", "qwen2_moe", "qwen3moe", "qwen3_moe", "mistral3", "mistral");

  private final GgufValues in;
  private final Map<String, Tensor> tensors;
  private final Map<String, Object> out = new LinkedHashMap<>();

  private GgufConfig(GgufValues in, Map<String, Tensor> tensors) {
    this.in = in;
    this.tensors = tensors;
  }

  /**
   * @param tensors under GGUF's names
   */
  static Config of(Map<String, Object> metadata, Map<String, Tensor> tensors, String file) {
    GgufConfig config = new GgufConfig(GgufValues.of(metadata, file), tensors);
    config.fill();
    return Config.of(config.out, file);
  }

  static String architecture(Map<String, Object> metadata) {
    return metadata.get("general.architecture") instanceof String name ? name : "unknown";
  }

  private void fill() {
    String arch = in.architecture();
    out.put("model_type", MODEL_TYPES.getOrDefault(arch, arch));
    sizes();
    out.put("rope_interleave", INTERLEAVED.contains(arch));
    rope();
    if (in.has("expert_count") && in.number("expert_count") > 0) {
      experts(arch);
    }
    if (arch.equals("deepseek2")) {
      latentAttention();
    }
    boolean outputBias = anyTensor(name -> name.endsWith(".attn_output.bias"));
    out.put("attention_bias", outputBias);
    if (anyTensor(name -> name.endsWith(".ffn_down.bias"))) {
      out.put("mlp_bias", true);
    }
    // The family qwen2 always has biases on q, k and v; a Llama without an output bias that has
    // them is told apart here.
    if (!outputBias && anyTensor(name -> name.endsWith(".attn_q.bias"))) {
      out.put("qkv_bias", true);
    }
  }

  private void sizes() {
    Tensor embedding = tensors.get("token_embd.weight");
    if (embedding != null) {
      out.put("vocab_size", embedding.dim(0));
    } else if (in.has("vocab_size")) {
      out.put("vocab_size", in.number("vocab_size"));
    } else if (in.tokenCount() > 0) {
      out.put("vocab_size", in.tokenCount());
    }
    in.copy("embedding_length", out, "hidden_size");
    long nextn = in.number("nextn_predict_layers", 0);
    if (in.has("block_count")) {
      out.put("num_hidden_layers", in.number("block_count") - nextn);
    }
    if (nextn > 0) {
      out.put("num_nextn_predict_layers", nextn);
    }
    in.copy("feed_forward_length", out, "intermediate_size");
    in.copy("attention.head_count", out, "num_attention_heads");
    in.copy("attention.head_count_kv", out, "num_key_value_heads");
    in.copy("attention.key_length", out, "head_dim");
    in.copyReal("attention.layer_norm_rms_epsilon", out, "rms_norm_eps");
    in.copy("context_length", out, "max_position_embeddings");
    if (in.number("attention.sliding_window", 0) > 0) {
      in.copy("attention.sliding_window", out, "sliding_window");
      out.put("use_sliding_window", true);
    }
    // A vocabulary alone has neither matrix; then nothing is tied.
    out.put("tie_word_embeddings", embedding != null && !tensors.containsKey("output.weight"));
  }

  private void rope() {
    in.copyReal("rope.freq_base", out, "rope_theta");
    String type = in.text("rope.scaling.type", in.has("rope.scale_linear") ? "linear" : "none");
    if (type.equals("none")) {
      return;
    }
    Map<String, Object> scaling = new LinkedHashMap<>();
    scaling.put("rope_type", type);
    if (in.has("rope.scale_linear")) {
      in.copyReal("rope.scale_linear", scaling, "factor");
    }
    in.copyReal("rope.scaling.factor", scaling, "factor");
    in.copy("rope.scaling.original_context_length", scaling, "original_max_position_embeddings");
    in.copyReal("rope.scaling.yarn_beta_fast", scaling, "beta_fast");
    in.copyReal("rope.scaling.yarn_beta_slow", scaling, "beta_slow");
    if (in.has("rope.scaling.yarn_log_multiplier")) {
      // Stored as 0.1 mscale_all_dim, in 32 bits: 0.0707 must become 0.707 again.
      double mscale = Math.round(in.real("rope.scaling.yarn_log_multiplier", 0) * 1e7) / 1e6;
      scaling.put("mscale", mscale);
      scaling.put("mscale_all_dim", mscale);
    }
    double attention = in.real("rope.scaling.attn_factor", 1);
    if (attention != 1) {
      double factor = Math.max(1, in.real("rope.scaling.factor", 1));
      double yarn = type.equals("yarn") ? 0.1 * Math.log(factor) + 1 : 1;
      scaling.put("attention_factor", attention * yarn);
    }
    out.put("rope_scaling", scaling);
  }

  private void experts(String arch) {
    switch (arch) {
      case "llama" -> {
        out.put("model_type", "mixtral");
        in.copy("expert_count", out, "num_local_experts");
      }
      case "qwen2moe", "qwen3moe" -> {
        in.copy("expert_count", out, "num_experts");
        out.put("norm_topk_prob", arch.equals("qwen3moe"));
      }
      default -> in.copy("expert_count", out, "n_routed_experts");
    }
    in.copy("expert_used_count", out, "num_experts_per_tok");
    in.copy("expert_feed_forward_length", out, "moe_intermediate_size");
    if (!in.has("expert_feed_forward_length")) {
      width("ffn_gate_exps.weight", 1, "moe_intermediate_size");
    }
    if (arch.equals("qwen2moe")) {
      in.copy("expert_shared_feed_forward_length", out, "shared_expert_intermediate_size");
      if (!in.has("expert_shared_feed_forward_length")) {
        width("ffn_gate_shexp.weight", 0, "shared_expert_intermediate_size");
      }
    }
    if (arch.startsWith("deepseek")) {
      in.copy("expert_shared_count", out, "n_shared_experts");
      in.copy("leading_dense_block_count", out, "first_k_dense_replace");
      out.put("norm_topk_prob", in.flag("expert_weights_norm", false));
      double scale = in.real("expert_weights_scale", 0);
      out.put("routed_scaling_factor", scale == 0 ? 1.0 : scale);
    }
  }

  /** A size that the metadata leaves out, from the first tensor that has it. */
  private void width(String suffix, int dim, String key) {
    tensors.forEach((name, tensor) -> {
      if (name.endsWith("." + suffix) && tensor.rank() > dim) {
        out.putIfAbsent(key, tensor.dim(dim));
      }
    });
  }

  private void latentAttention() {
    boolean sigmoid = in.number("expert_gating_func", 1) == 2;
    out.put("model_type", sigmoid ? "deepseek_v3" : "deepseek_v2");
    out.put("scoring_func", sigmoid ? "sigmoid" : "softmax");
    long groups = in.number("expert_group_count", 1);
    boolean grouped = groups > 1;
    out.put("topk_method", sigmoid ? "noaux_tc" : grouped ? "group_limited_greedy" : "greedy");
    if (sigmoid && !anyTensor(name -> name.contains(".exp_probs_b")) && !tensors.isEmpty()) {
      out.put("topk_method", grouped ? "group_limited_greedy" : "greedy"); // sigmoid without a bias
    }
    if (grouped) {
      out.put("n_group", groups);
      in.copy("expert_group_used_count", out, "topk_group");
    }
    in.copy("attention.q_lora_rank", out, "q_lora_rank");
    in.copy("attention.kv_lora_rank", out, "kv_lora_rank");
    in.copy("rope.dimension_count", out, "qk_rope_head_dim");
    // Files with a split up-projection state the cached sizes as key_length and the real ones
    // apart.
    String key =
        in.has("attention.key_length_mla") ? "attention.key_length_mla" : "attention.key_length";
    String value =
        in.has("attention.value_length_mla")
            ? "attention.value_length_mla"
            : "attention.value_length";
    if (in.has(key) && in.has("rope.dimension_count")) {
      out.put("qk_nope_head_dim", in.number(key) - in.number("rope.dimension_count"));
    }
    in.copy(value, out, "v_head_dim");
    out.remove("head_dim");
    out.put("num_key_value_heads", out.getOrDefault("num_attention_heads", 1L));
  }

  private boolean anyTensor(Predicate<String> test) {
    return tensors.keySet().stream().anyMatch(test);
  }
}
