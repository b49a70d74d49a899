package dev.hadal.format;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model's configuration: the keys of Hugging Face's {@code config.json} in camelCase, whichever
 * format it came in.
 *
 * <p>Accessors without a default need their key. Every accessor throws a {@link FormatException}
 * that names file and key where the value is missing, of a wrong type or beyond reason. Defaults
 * are those of the architecture's own configuration class.
 */
public final class Config {
  private static final long MANY = 1 << 24;
  private static final long LAYERS = 4096;
  private static final long HEADS = 1 << 16;

  private final ConfigValues values;

  private Config(ConfigValues values) {
    this.values = values;
  }

  /**
   * @param values numbers, booleans, strings, lists and maps, as JSON gives them
   * @param source the file they came from, for errors
   */
  public static Config of(Map<String, ?> values, String source) {
    return new Config(new ConfigValues(values, source));
  }

  /** Reads a {@code config.json}. */
  public static Config read(Path json) {
    return of(Json.read(json), Json.fileName(json));
  }

  /** The file this came from. */
  public String source() {
    return values.source();
  }

  /** Everything that was given, under its own keys. */
  public Map<String, Object> values() {
    return values.map();
  }

  // What every architecture has.

  public String modelType() {
    return values.text("model_type");
  }

  public int vocabSize() {
    return values.number("vocab_size", 1, MANY);
  }

  public int hiddenSize() {
    return values.number("hidden_size", 1, MANY);
  }

  public int intermediateSize() {
    return values.number("intermediate_size", 1, MANY);
  }

  public int numHiddenLayers() {
    return values.number("num_hidden_layers", 1, LAYERS);
  }

  public int maxPositionEmbeddings() {
    return values.number("max_position_embeddings", 2048, 1, Integer.MAX_VALUE);
  }

  public double rmsNormEps() {
    return values.positive("rms_norm_eps", 1e-6);
  }

  public boolean tieWordEmbeddings() {
    return values.flag("tie_word_embeddings", false);
  }

  // Attention.

  public int numAttentionHeads() {
    return values.number("num_attention_heads", 1, HEADS);
  }

  public int numKeyValueHeads() {
    int heads = numAttentionHeads();
    int kvHeads = values.number("num_key_value_heads", heads, 1, HEADS);
    if (heads % kvHeads != 0) {
      throw values.wrong(
          "num_key_value_heads", "it must divide the " + heads + " of num_attention_heads");
    }
    return kvHeads;
  }

  /** Numbers a head has: {@code head_dim}, or the hidden size over the heads. */
  public int headDim() {
    if (!values.has("head_dim") && hiddenSize() % numAttentionHeads() != 0) {
      throw values.wrong(
          "num_attention_heads", "it must divide the " + hiddenSize() + " of hidden_size");
    }
    return values.number("head_dim", hiddenSize() / numAttentionHeads(), 1, 1 << 16);
  }

  public boolean attentionBias() {
    return values.flag("attention_bias", false);
  }

  /** Tokens a query looks back at, itself included; 0 where it sees all. */
  public int slidingWindow() {
    boolean used = values.flag("use_sliding_window", !modelType().startsWith("qwen"));
    boolean full =
        values.get("layer_types") instanceof List<?> types
            && types.stream().allMatch("full_attention"::equals);
    return used && !full ? values.number("sliding_window", 0, 0, Integer.MAX_VALUE) : 0;
  }

  // Latent attention (DeepSeek).

  /** Rank of the query's latent; 0 where queries are not compressed. */
  public int qLoraRank() {
    return values.number("q_lora_rank", 0, 0, MANY);
  }

  public int kvLoraRank() {
    return values.number("kv_lora_rank", 1, MANY);
  }

  public int qkNopeHeadDim() {
    return values.number("qk_nope_head_dim", 1, 1 << 16);
  }

  public int qkRopeHeadDim() {
    return values.number("qk_rope_head_dim", 2, 1 << 16);
  }

  public int vHeadDim() {
    return values.number("v_head_dim", 1, 1 << 16);
  }

  // Rotary positions.

  public double ropeTheta() {
    Optional<ConfigValues> parameters = values.object("rope_parameters");
    return parameters.isPresent() && parameters.get().has("rope_theta")
        ? parameters.get().positive("rope_theta", 10_000)
        : values.positive("rope_theta", 10_000);
  }

  /**
   * Whether the two numbers of a rotated pair are neighbours (2i, 2i + 1); otherwise they are half
   * a head apart. True for DeepSeek's checkpoints and for the GGUF families that reorder their
   * rows.
   */
  public boolean ropeInterleave() {
    return values.flag("rope_interleave", isDeepSeek());
  }

  /** How the context is stretched; empty where it is not. */
  public Optional<RopeScaling> ropeScaling() {
    return values
        .object("rope_parameters")
        .or(() -> values.object("rope_scaling"))
        .flatMap(this::ropeScaling);
  }

  private Optional<RopeScaling> ropeScaling(ConfigValues s) {
    String type = s.text("rope_type", s.text("type", "default"));
    if (type.equals("default")) {
      return Optional.empty();
    }
    int original =
        s.number(
            "original_max_position_embeddings",
            values.number(
                "original_max_position_embeddings", maxPositionEmbeddings(), 1, Integer.MAX_VALUE),
            1,
            Integer.MAX_VALUE);
    return Optional.of(
        new RopeScaling(
            type,
            s.positive("factor", 1),
            original,
            s.positive("beta_fast", 32),
            s.positive("beta_slow", 1),
            s.real("mscale", 0),
            s.real("mscale_all_dim", 0),
            s.positive("low_freq_factor", 1),
            s.positive("high_freq_factor", 4),
            s.real("attention_factor", 0)));
  }

  /** The part of a head that is rotated. */
  public double partialRotaryFactor() {
    return values.positive("partial_rotary_factor", 1);
  }

  // Mixtures of experts.

  /** Routed experts a layer has; 0 for dense models. */
  public int numExperts() {
    for (String key : List.of("n_routed_experts", "num_experts", "num_local_experts")) {
      if (values.has(key)) {
        return values.number(key, 0, HEADS);
      }
    }
    return 0;
  }

  public int numExpertsPerTok() {
    return values.number("num_experts_per_tok", 1, Math.max(1, numExperts()));
  }

  public int nSharedExperts() {
    return values.number("n_shared_experts", 0, 0, HEADS);
  }

  /** Width of one expert; Mixtral calls it intermediate_size. */
  public int moeIntermediateSize() {
    return values.has("moe_intermediate_size") || !values.has("num_local_experts")
        ? values.number("moe_intermediate_size", 1, MANY)
        : intermediateSize();
  }

  /** Width of Qwen2-MoE's gated shared expert; 0 without one. */
  public int sharedExpertIntermediateSize() {
    return values.number("shared_expert_intermediate_size", 0, 0, MANY);
  }

  /** So many first layers are dense. */
  public int firstKDenseReplace() {
    return values.number("first_k_dense_replace", 0, 0, LAYERS);
  }

  public int moeLayerFreq() {
    return values.number("moe_layer_freq", 1, 1, LAYERS);
  }

  public int decoderSparseStep() {
    return values.number("decoder_sparse_step", 1, 1, LAYERS);
  }

  /** Layers that are dense whatever the sparse step says. */
  public List<Integer> mlpOnlyLayers() {
    return values.numbers("mlp_only_layers");
  }

  /** {@code softmax} or {@code sigmoid}. */
  public String scoringFunc() {
    return values.text("scoring_func", isDeepSeekV3() ? "sigmoid" : "softmax");
  }

  /** {@code greedy}, {@code group_limited_greedy} or {@code noaux_tc}. */
  public String topkMethod() {
    return values.text("topk_method", isDeepSeekV3() ? "noaux_tc" : "greedy");
  }

  public int nGroup() {
    int groups = values.number("n_group", 1, 1, HEADS);
    if (numExperts() % groups != 0) {
      throw values.wrong("n_group", "it must divide the " + numExperts() + " routed experts");
    }
    return groups;
  }

  public int topkGroup() {
    return values.number("topk_group", 1, 1, nGroup());
  }

  public boolean normTopkProb() {
    return values.flag("norm_topk_prob", isDeepSeekV3());
  }

  public double routedScalingFactor() {
    return values.positive("routed_scaling_factor", 1);
  }

  /** Multi-token prediction modules after the last layer. */
  public int numNextnPredictLayers() {
    return values.number("num_nextn_predict_layers", 0, 0, 64);
  }

  // Anything else.

  /** Whether a key stands there and is not null. */
  public boolean has(String key) {
    return values.has(key);
  }

  public int intOf(String key) {
    return values.number(key, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  public int intOf(String key, int absent) {
    return values.number(key, absent, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  public double doubleOf(String key, double absent) {
    return values.real(key, absent);
  }

  public boolean booleanOf(String key, boolean absent) {
    return values.flag(key, absent);
  }

  public String stringOf(String key) {
    return values.text(key);
  }

  public String stringOf(String key, String absent) {
    return values.text(key, absent);
  }

  private boolean isDeepSeek() {
    return isDeepSeekV3() || values.text("model_type", "").equals("deepseek_v2");
  }

  private boolean isDeepSeekV3() {
    String type = values.text("model_type", "");
    return type.equals("deepseek_v3") || type.equals("kimi_k2");
  }

  @Override
  public String toString() {
    return source() + " " + values.map();
  }
}
