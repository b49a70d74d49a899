package dev.hadal.format;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Hugging Face configuration as GGUF's metadata, the way llama.cpp's converter writes it.
 * Sources: {@code conversion/} and {@code gguf-py/gguf/constants.py} of llama.cpp.
 */
final class HfMetadata {
  private static final Map<String, String> ARCHITECTURES =
      Map.ofEntries(
          Map.entry("llama", "llama"),
          Map.entry("mistral", "llama"),
          Map.entry("mixtral", "llama"),
          Map.entry("qwen2", "qwen2"),
          Map.entry("qwen3", "qwen3"),
          Map.entry("qwen2_moe", "qwen2moe"),
          Map.entry("qwen3_moe", "qwen3moe"),
          Map.entry("deepseek_v2", "deepseek2"),
          Map.entry("deepseek_v3", "deepseek2"),
          Map.entry("kimi_k2", "deepseek2"));

  private final Config config;
  private final String arch;
  private final GgufMetadata out = new GgufMetadata();

  private HfMetadata(Config config) {
    this.config = config;
    String known = ARCHITECTURES.get(config.modelType());
    if (known == null) {
      throw new IllegalArgumentException(
          "no GGUF form is known for the architecture '%s': known are %s"
              .formatted(config.modelType(), ARCHITECTURES.keySet().stream().sorted().toList()));
    }
    this.arch = known;
  }

  static GgufMetadata of(Checkpoint in) {
    HfMetadata metadata = new HfMetadata(in.config());
    metadata.fill(modelName(in.source()));
    if (CarriedTokenizer.in(in.metadata())) {
      CarriedTokenizer.put(metadata.out, in.metadata());
    } else {
      HfTokenizer.put(metadata.out, in, folder(in.source()));
    }
    return metadata.out;
  }

  /** Whether GGUF keeps this architecture's rotated pairs side by side. */
  static boolean isSideBySide(Config config) {
    return "llama".equals(ARCHITECTURES.get(config.modelType()));
  }

  private static String modelName(Path source) {
    String name = Json.fileName(source.toAbsolutePath().normalize());
    return name.endsWith(".safetensors") ? name.substring(0, name.lastIndexOf('.')) : name;
  }

  private static Path folder(Path source) {
    Path parent = source.toAbsolutePath().getParent();
    return Files.isDirectory(source) || parent == null ? source : parent;
  }

  private void fill(String name) {
    out.put("general.architecture", arch);
    out.put("general.type", "model");
    out.put("general.name", name);
    put("vocab_size", config.vocabSize());
    put("context_length", config.maxPositionEmbeddings());
    put("embedding_length", config.hiddenSize());
    put("block_count", config.numHiddenLayers());
    put("feed_forward_length", feedForwardLength());
    put("attention.head_count", config.numAttentionHeads());
    put("attention.layer_norm_rms_epsilon", config.rmsNormEps());
    put("rope.freq_base", config.ropeTheta());
    if (config.slidingWindow() > 0) {
      put("attention.sliding_window", config.slidingWindow());
    }
    if (arch.equals("deepseek2")) {
      latentAttention();
    } else {
      put("attention.head_count_kv", config.numKeyValueHeads());
      put("rope.dimension_count", config.headDim());
      put("attention.key_length", config.headDim());
      put("attention.value_length", config.headDim());
    }
    config.ropeScaling().ifPresent(this::scaling);
    if (config.numExperts() > 0) {
      experts();
    }
  }

  private int feedForwardLength() {
    return config.has("intermediate_size")
        ? config.intermediateSize()
        : config.moeIntermediateSize();
  }

  /** The sizes the cache sees (one shared latent head), and the real ones under their mla keys. */
  private void latentAttention() {
    if (!config.ropeInterleave()) {
      throw new IllegalArgumentException(
          config.source() + ": rope_interleave is false; GGUF has no form for that");
    }
    int rope = config.qkRopeHeadDim();
    put("attention.head_count_kv", 1);
    put("attention.key_length", config.kvLoraRank() + rope);
    put("attention.value_length", config.kvLoraRank());
    put("attention.key_length_mla", config.qkNopeHeadDim() + rope);
    put("attention.value_length_mla", config.vHeadDim());
    put("attention.kv_lora_rank", config.kvLoraRank());
    if (config.qLoraRank() > 0) {
      put("attention.q_lora_rank", config.qLoraRank());
    }
    put("rope.dimension_count", rope);
  }

  private void scaling(RopeScaling s) {
    switch (s.type()) {
      case "llama3" -> {} // divisors in a tensor of their own say it
      case "linear", "yarn" -> {
        out.put(arch + ".rope.scaling.type", s.type());
        put("rope.scaling.factor", s.factor());
        put("rope.scaling.original_context_length", s.originalMaxPositionEmbeddings());
        if (s.mscaleAllDim() != 0) {
          put("rope.scaling.yarn_log_multiplier", 0.1 * s.mscaleAllDim());
        }
        if (s.betaFast() != 32 || s.betaSlow() != 1) {
          put("rope.scaling.yarn_beta_fast", s.betaFast());
          put("rope.scaling.yarn_beta_slow", s.betaSlow());
        }
        if (s.attentionFactor() > 0) {
          double implied = s.type().equals("yarn") ? 0.1 * Math.log(s.factor()) + 1 : 1;
          put("rope.scaling.attn_factor", s.attentionFactor() / implied);
        }
      }
      default ->
          throw new IllegalArgumentException(
              "%s: no GGUF form is known for rope_scaling '%s'"
                  .formatted(config.source(), s.type()));
    }
  }

  private void experts() {
    put("expert_count", config.numExperts());
    put("expert_used_count", config.numExpertsPerTok());
    switch (arch) {
      case "qwen2moe" -> {
        put("expert_feed_forward_length", config.moeIntermediateSize());
        put("expert_shared_feed_forward_length", config.sharedExpertIntermediateSize());
      }
      case "qwen3moe" -> put("expert_feed_forward_length", config.moeIntermediateSize());
      case "deepseek2" -> {
        put("expert_feed_forward_length", config.moeIntermediateSize());
        put("leading_dense_block_count", config.firstKDenseReplace());
        put("expert_shared_count", config.nSharedExperts());
        put("expert_weights_scale", config.routedScalingFactor());
        put("expert_gating_func", config.scoringFunc().equals("sigmoid") ? 2 : 1);
        out.put(arch + ".expert_weights_norm", config.normTopkProb());
        if (config.nGroup() > 1) {
          put("expert_group_count", config.nGroup());
          put("expert_group_used_count", config.topkGroup());
        }
      }
      default -> {}
    }
  }

  private void put(String key, int value) {
    out.put(arch + "." + key, (long) value);
  }

  private void put(String key, double value) {
    out.put(arch + "." + key, value);
  }

  /** A text of a JSON map, or null. */
  static @Nullable String text(@Nullable Object map, String key) {
    return map instanceof Map<?, ?> m && m.get(key) instanceof String s ? s : null;
  }
}
