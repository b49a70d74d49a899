package dev.hadal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hadal.format.Config;
import dev.hadal.nn.Rope;
import dev.hadal.nn.Weights;
import dev.hadal.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What YaRN makes of the published DeepSeek configurations. */
final class StretchedRopeTest {
  @ParameterizedTest
  @CsvSource({
    "deepseek-v3,      0.1352337789",
    "deepseek-v2-lite, 0.1147213867",
    "kimi-k2,          0.1308608000",
  })
  void softmaxScaleIsThePublishedOne(String name, double scale) {
    assertThat((double) DeepSeek.attentionShape(ParameterCountTest.published(name)).scale())
        .isCloseTo(scale, within(1e-8));
  }

  @Test
  void softmaxScaleFollowsTheFactor() {
    Map<String, Object> values =
        new LinkedHashMap<>(ParameterCountTest.published("kimi-k2").values());
    values.put(
        "rope_scaling",
        Map.of(
            "type", "yarn",
            "factor", 64.0,
            "original_max_position_embeddings", 4096,
            "mscale", 1.0,
            "mscale_all_dim", 1.0));
    assertThat((double) DeepSeek.attentionShape(Config.of(values, "kimi")).scale())
        .isCloseTo(0.1446796258, within(1e-8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"deepseek-v3", "deepseek-v2-lite"})
  void rampRunsFromPairTenToPairTwentyThree(String name) {
    Rope rope = Rope.of(ParameterCountTest.published(name), Weights.shapes(), 64);
    Tensor frequency = rope.frequency_r2();
    assertThat(rope.scale()).isEqualTo(1f);
    for (int i = 0; i < 32; i++) {
      double plain = Math.pow(10_000, -2.0 * i / 64);
      double ramp = Math.clamp((i - 10) / 13.0, 0, 1);
      assertThat((double) frequency.get(i))
          .as("pair %d", i)
          .isCloseTo(plain / 40 * ramp + plain * (1 - ramp), within(1e-6 * plain));
    }
  }
}
