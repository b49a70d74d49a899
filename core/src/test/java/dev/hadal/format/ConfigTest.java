package dev.hadal.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ConfigTest {
  @Test
  void absentKeysHaveTheArchitecturesDefaults() {
    Config llama =
        config(Map.of("model_type", "llama", "hidden_size", 64, "num_attention_heads", 4));
    assertThat(llama.numKeyValueHeads()).isEqualTo(4);
    assertThat(llama.headDim()).isEqualTo(16);
    assertThat(llama.ropeTheta()).isEqualTo(10000);
    assertThat(llama.ropeScaling()).isEmpty();
    assertThat(llama.ropeInterleave()).isFalse();
    assertThat(llama.numExperts()).isZero();
    Config v3 = config(Map.of("model_type", "deepseek_v3"));
    assertThat(v3.ropeInterleave()).isTrue();
    assertThat(v3.scoringFunc()).isEqualTo("sigmoid");
    assertThat(v3.topkMethod()).isEqualTo("noaux_tc");
    assertThat(config(Map.of("model_type", "deepseek_v2")).topkMethod()).isEqualTo("greedy");
  }

  @Test
  void nullMeansAbsent() {
    Config config =
        Config.of(
            Json.parse(
                """
                {"model_type": "deepseek_v2", "q_lora_rank": null, "rope_scaling": null}\
                """
                    .getBytes(StandardCharsets.UTF_8),
                "config.json",
                0),
            "config.json");
    assertThat(config.qLoraRank()).isZero();
    assertThat(config.ropeScaling()).isEmpty();
  }

  @Test
  void expertsAreFoundUnderAllTheirNames() {
    for (String key : List.of("n_routed_experts", "num_experts", "num_local_experts")) {
      assertThat(config(Map.of(key, 8)).numExperts()).isEqualTo(8);
    }
    Config mixtral = config(Map.of("num_local_experts", 8, "intermediate_size", 96));
    assertThat(mixtral.moeIntermediateSize()).isEqualTo(96);
  }

  @Test
  void slidingWindowsCountOnlyWhereTheyAreUsed() {
    assertThat(config(Map.of("model_type", "mistral", "sliding_window", 4096)).slidingWindow())
        .isEqualTo(4096);
    assertThat(config(Map.of("model_type", "qwen2", "sliding_window", 4096)).slidingWindow())
        .isZero();
    assertThat(
            config(
                    Map.of(
                        "model_type", "qwen2", "sliding_window", 4096, "use_sliding_window", true))
                .slidingWindow())
        .isEqualTo(4096);
  }

  @Test
  void ropeIsReadInItsOldAndItsNewForm() {
    Map<String, Object> rule =
        Map.of(
            "rope_type",
            "llama3",
            "factor",
            32.0,
            "original_max_position_embeddings",
            8192,
            "rope_theta",
            500000.0);
    Config old = config(Map.of("rope_scaling", rule, "rope_theta", 500000.0));
    Config fresh = config(Map.of("rope_parameters", rule));
    assertThat(fresh.ropeTheta()).isEqualTo(old.ropeTheta()).isEqualTo(500000);
    assertThat(fresh.ropeScaling()).isEqualTo(old.ropeScaling());
    assertThat(fresh.ropeScaling().orElseThrow().factor()).isEqualTo(32);
    assertThat(fresh.ropeScaling().orElseThrow().highFreqFactor()).isEqualTo(4);
  }

  @Test
  void missingKeysAreNamed() {
    assertThatThrownBy(() -> config(Map.of()).hiddenSize())
        .isInstanceOf(FormatException.class)
        .hasMessage(
            "config.json: the configuration has no 'hidden_size', which this architecture needs");
  }

  @Test
  void absurdValuesAreRefused() {
    assertRefused(Map.of("hidden_size", -1), "'hidden_size' is -1");
    assertRefused(Map.of("hidden_size", 1L << 40), "1 to 16,777,216 is expected");
    assertRefused(Map.of("hidden_size", "4096"), "a whole number is expected");
    assertRefused(Map.of("hidden_size", 4096.5), "a whole number is expected");
    assertRefused(Map.of("hidden_size", Double.NaN), "a whole number is expected");
    assertThatThrownBy(() ->
            config(Map.of("num_attention_heads", 6, "num_key_value_heads", 4)).numKeyValueHeads())
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("must divide the 6");
    assertThatThrownBy(() -> config(Map.of("rope_theta", 0)).ropeTheta())
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("positive");
  }

  @Test
  void wholeNumbersMayBeWrittenAsReals() {
    assertThat(config(Map.of("hidden_size", 4096.0)).hiddenSize()).isEqualTo(4096);
  }

  private static void assertRefused(Map<String, Object> values, String reason) {
    assertThatThrownBy(() -> config(values).hiddenSize())
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(reason);
  }

  private static Config config(Map<String, Object> values) {
    return Config.of(values, "config.json");
  }
}
