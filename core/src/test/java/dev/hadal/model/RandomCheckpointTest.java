package dev.hadal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RandomCheckpointTest {
  private static final String UP = "model.layers.0.mlp.up_proj.weight";

  /** Expected values: the rule of the class comment, restated in Python with NumPy's float32. */
  @ParameterizedTest
  @CsvSource({
    "7, model.layers.0.mlp.up_proj.weight, 0,      0x1.7d0f24p-4",
    "7, model.layers.0.mlp.up_proj.weight, 100000, 0x1.86b93ap-4",
    "7, model.norm.weight,                 255,    0x1.f66ea2p-1",
    "8, model.norm.weight,                 255,    0x1.0bf7c2p0",
  })
  void everyNumberFollowsFromSeedNameAndIndex(long seed, String name, long index, String value) {
    var checkpoint = new RandomCheckpoint(Shapes.named("tiny-llama"), seed);
    assertThat(checkpoint.tensor(name).get(index)).isEqualTo(Float.parseFloat(value + "f"));
  }

  @Test
  void matrixKeepsTheSizeOfWhatItMultiplies() {
    float[] up = new RandomCheckpoint(Shapes.named("tiny-llama"), 1).tensor(UP).toFloats();
    double squares = IntStream.range(0, up.length).mapToDouble(i -> (double) up[i] * up[i]).sum();
    assertThat(Math.sqrt(squares / up.length)).isCloseTo(1.0 / 16, within(1e-3));
  }

  @Test
  void vocabularySpellsEveryByte() {
    var metadata = new RandomCheckpoint(Shapes.named("tiny-llama"), 1).metadata();
    assertThat((String[]) metadata.get("tokenizer.ggml.tokens"))
        .hasSize(512)
        .contains("<0x00>", "<0xFF>")
        .doesNotHaveDuplicates();
  }

  @Test
  void unknownTensorIsNamed() {
    assertThatThrownBy(() -> new RandomCheckpoint(Shapes.named("tiny-llama"), 1).tensor("x.weight"))
        .hasMessageContaining("x.weight");
  }
}
