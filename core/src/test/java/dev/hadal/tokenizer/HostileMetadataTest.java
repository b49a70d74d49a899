package dev.hadal.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadal.format.FormatException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Metadata that lies: a FormatException or a tokenizer that works, never anything else. */
final class HostileMetadataTest {
  @Test
  void anUnknownPreTokenizerIsNamedWithTheKnownOnes() {
    assertThatThrownBy(() -> Tokenizers.fromGguf(with("tokenizer.ggml.pre", "starfish"), "m.gguf"))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("m.gguf")
        .hasMessageContaining("starfish")
        .hasMessageContaining("deepseek-v3, ");
  }

  @Test
  void anUnknownModelIsNamed() {
    assertThatThrownBy(() -> Tokenizers.fromGguf(with("tokenizer.ggml.model", "abacus"), "m.gguf"))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("abacus");
  }

  @Test
  void wrongTypesAndLengthsAreNamed() {
    assertThatThrownBy(() -> Tokenizers.fromGguf(with("tokenizer.ggml.tokens", 3L), "m.gguf"))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("expected an array of strings");
    assertThatThrownBy(
            () -> Tokenizers.fromGguf(with("tokenizer.ggml.token_type", new long[] {1}), "m.gguf"))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("1 entries");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama", "t5", "bert", "gemma4"})
  void garbageNeverEscapes(String model) {
    Random random = new Random(model.hashCode());
    List<String> words =
        List.of(
            "a",
            "b",
            "ab",
            "▁",
            "▁a",
            "",
            "<0x41>",
            "Ġ",
            "<s>",
            "中",
            "\uD800",
            "a b",
            " ",
            "##a",
            "<|im_end|>");
    for (int i = 0; i < 500; i++) {
      Map<String, Object> metadata = new HashMap<>();
      metadata.put("tokenizer.ggml.model", model);
      int size = random.nextInt(12);
      String[] tokens = new String[size];
      String[] merges = new String[random.nextInt(8)];
      long[] types = new long[size];
      float[] scores = new float[size];
      for (int id = 0; id < size; id++) {
        tokens[id] = words.get(random.nextInt(words.size()));
        types[id] = random.nextInt(12) - 2;
        scores[id] = random.nextInt(6) == 0 ? Float.NaN : random.nextInt(9) - 4;
      }
      for (int m = 0; m < merges.length; m++) {
        merges[m] =
            words.get(random.nextInt(words.size())) + " " + words.get(random.nextInt(words.size()));
      }
      metadata.put("tokenizer.ggml.tokens", tokens);
      metadata.put("tokenizer.ggml.merges", merges);
      metadata.put("tokenizer.ggml.token_type", types);
      metadata.put("tokenizer.ggml.scores", scores);
      metadata.put("tokenizer.ggml.bos_token_id", (long) random.nextInt() << random.nextInt(33));
      metadata.put("tokenizer.ggml.unknown_token_id", (long) random.nextInt(14));
      metadata.put("tokenizer.ggml.add_eos_token", random.nextBoolean());
      long[] map = new long[random.nextInt(40)];
      for (int b = 0; b < map.length; b++) {
        map[b] = b < 4 ? (b == 0 ? map.length / 2 / 4 * 4 : 0) : random.nextInt(256);
      }
      metadata.put("tokenizer.ggml.precompiled_charsmap", map);
      try {
        Tokenizer tokenizer = Tokenizers.fromGguf(metadata, "m.gguf");
        int[] ids = tokenizer.encode("ab a  中<s>\u0000é🙂", true, true);
        assertThat(Arrays.stream(ids)).allMatch(id -> id >= 0 && id < tokenizer.vocabSize());
        assertThat(tokenizer.decode(ids)).isNotNull();
      } catch (FormatException expected) {
        assertThat(expected).hasMessageStartingWith("m.gguf");
      }
    }
  }

  private static Map<String, Object> with(String key, Object value) {
    Map<String, Object> metadata = new HashMap<>();
    metadata.put("tokenizer.ggml.model", "gpt2");
    metadata.put("tokenizer.ggml.pre", "gpt-2");
    metadata.put("tokenizer.ggml.tokens", new String[] {"a", "b", "ab"});
    metadata.put("tokenizer.ggml.merges", new String[] {"a b"});
    metadata.put(key, value);
    return metadata;
  }
}
