package dev.hadal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hadal.format.Config;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Published configurations, counted without weights. */
final class ParameterCountTest {
  @ParameterizedTest
  @CsvSource({
    "deepseek-v2-lite, 15706484224",
    "deepseek-v3,      671026419200",
  })
  void publishedCountComesOutExactly(String name, long expected) {
    assertThat(Architectures.count(published(name)).total()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "deepseek-v2, 235.74, 21.4",
    "kimi-k2,    1026.4,  32.9",
  })
  void publishedCountComesOutToItsLastDigit(String name, double billions, double activeBillions) {
    Architectures.ParameterCount count = Architectures.count(published(name));
    assertThat(count.total() / 1e9).isCloseTo(billions, within(0.05));
    assertThat(count.active() / 1e9).isCloseTo(activeBillions, within(0.5));
  }

  @ParameterizedTest
  @CsvSource({
    "llama-3.2-1b,           1235814400, 1235814400",
    "qwen2.5-0.5b,            494032768,  494032768",
    "qwen2.5-1.5b,           1543714304, 1543714304",
    "qwen3-0.6b,              596049920,  596049920",
  })
  void namedShapesAreThePublishedModels(String name, long total, long active) {
    assertThat(Architectures.count(Shapes.named(name)))
        .isEqualTo(new Architectures.ParameterCount(total, active));
  }

  @Test
  void everyNamedShapeCanBeBuilt() {
    assertThat(Shapes.names())
        .allSatisfy(
            name -> assertThat(Architectures.count(Shapes.named(name)).total()).isPositive());
  }

  static Config published(String name) {
    try {
      return Config.read(Path.of(ParameterCountTest.class.getResource(name + ".json").toURI()));
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
