package dev.hadal.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.testing.Conformance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every vocabulary of the conformance kit gives the ids its reference gives. */
@Tag("conformance")
final class ExpectedIdsTest {
  @ParameterizedTest
  @ValueSource(strings = {"bert-bge", "deepseek-coder", "deepseek-llm", "gpt-2", "llama-spm"})
  void ggufVocabulariesGiveTheReferenceIds(String name) {
    Expected.check(gguf(name), Conformance.file("tokenizers/expected/" + name + ".json"));
  }

  @ParameterizedTest
  @CsvSource({"qwen3, deepseek-r1-qwen", "llama-3, llama-bpe"})
  void jsonVocabulariesGiveTheReferenceIds(String vocabulary, String expected) {
    Expected.check(json(vocabulary), Conformance.file("tokenizers/expected/" + expected + ".json"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"r1", "llama32", "gpt2", "llama2"})
  void mixedLinesGiveTheReferenceIds(String family) throws IOException {
    List<String> lines =
        Files.readAllLines(Conformance.file("tokenizers/expected/small_input.txt"));
    List<String> rows =
        Files.readAllLines(Conformance.file("tokenizers/expected/small_tokens_" + family + ".txt"));
    assertThat(rows).hasSameSizeAs(lines);
    Tokenizer tokenizer = family(family);
    for (int i = 0; i < lines.size(); i++) {
      String text = lines.get(i).replace("\\n", "\n").replace("\\s", " ");
      assertThat(tokenizer.encode(text, false, !family.equals("llama2")))
          .as(text)
          .containsExactly(ids(rows.get(i)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"r1", "llama32", "gpt2", "llama2"})
  void wholeFilesGiveTheReferenceIds(String family) throws IOException {
    String text = Files.readString(Conformance.file("tokenizers/expected/utf8_input.txt"));
    String ids =
        Files.readString(Conformance.file("tokenizers/expected/utf8_tokens_" + family + ".txt"));
    assertThat(family(family).encode(text, false, !family.equals("llama2")))
        .containsExactly(ids(ids));
  }

  @Test
  void ranksGiveTheIdsOfTheSameVocabularyInJson() throws IOException {
    Tokenizer json = json("deepseek-v3");
    Map<String, Integer> specials = new HashMap<>();
    for (int id = 0; id < json.vocabSize(); id++) {
      if (json.isControl(id)) {
        specials.put(json.token(id), id);
      }
    }
    Tokenizer ranks =
        Tokenizers.fromTiktoken(
            Conformance.file("tokenizers/deepseek-v3/ranks.tiktoken.gz"), "deepseek-v3", specials);
    String text =
        Files.readString(Conformance.file("tokenizers/expected/utf8_input.txt"))
            + "<｜begin▁of▁sentence｜>a";
    assertThat(ranks.encode(text, false, true)).containsExactly(json.encode(text, false, true));
    assertThat(ranks.decode(ranks.encode(text))).isEqualTo(text);
  }

  private static Tokenizer family(String name) {
    return switch (name) {
      case "r1" -> json("deepseek-v3");
      case "llama32" -> json("llama-3");
      case "gpt2" -> gguf("gpt-2");
      case "llama2" -> gguf("llama-spm");
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Tokenizer gguf(String name) {
    return GgufMetadata.tokenizer(Conformance.file("tokenizers/gguf/" + name + ".gguf"));
  }

  private static Tokenizer json(String name) {
    Path file = Conformance.file("tokenizers/" + name + "/tokenizer.json.gz");
    return Tokenizers.fromJson(file);
  }

  private static int[] ids(String row) {
    return row.isBlank()
        ? new int[0]
        : Arrays.stream(row.strip().split(", *")).mapToInt(Integer::parseInt).toArray();
  }
}
