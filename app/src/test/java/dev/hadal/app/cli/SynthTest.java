package dev.hadal.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Models of random weights, from the shape to the measurement. */
final class SynthTest {
  @TempDir private Path folder;

  @Test
  void aModelOfRandomWeightsRunsAndIsMeasured() {
    String model = folder.resolve("random.gguf").toString();

    assertThat(Cli.run("synth", "tiny-llama", "--type", "q4_k_m", model).code()).isZero();
    assertThat(Cli.run("run", model, "hello", "--max-tokens", "4").code()).isZero();

    Cli bench = Cli.run("bench", model, "-p", "16", "-n", "4", "-d", "8", "-r", "2", "--json");
    assertThat(bench.err()).isEmpty();
    JsonNode json = JsonMapper.shared().readTree(bench.out());
    assertThat(json.path("parameters").asLong()).isPositive();
    assertThat(json.path("tests").valueStream().map(t -> t.path("test").asString()))
        .containsExactly("pp16 @ d8", "tg4 @ d8");
    assertThat(json.path("tests").valueStream().map(t -> t.path("tokens_per_second").asDouble()))
        .allMatch(rate -> rate > 0);
  }

  @Test
  void anUnknownShapeIsToldTheNames() {
    Cli synth = Cli.run("synth", "llama-9", folder.resolve("x.gguf").toString());

    assertThat(synth.code()).isEqualTo(2);
    assertThat(synth.err()).contains("llama-9", "llama-3.2-1b");
  }
}
