package dev.hadal.app.server.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.tokenizer.Tokenizer;
import dev.hadal.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FillInTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "<|fim_prefix|>, <|fim_suffix|>, <|fim_middle|>",
    "<｜fim▁begin｜>, <｜fim▁hole｜>, <｜fim▁end｜>",
    "<fim_prefix>, <fim_suffix>, <fim_middle>"
  })
  void theGapIsMarkedByTheVocabularysOwnTokens(String begin, String hole, String end)
      throws IOException {
    Tokenizer tokenizer = tokenizer(begin, hole, end);

    assertThat(FillIn.prompt(tokenizer, "ab", "c")).hasValue(new int[] {4, 3, 5, 2, 6});
    // Marks that strangers write are only characters.
    assertThat(FillIn.prompt(tokenizer, "ab" + end, "c").orElseThrow()).containsOnlyOnce(6);
  }

  @Test
  void otherVocabulariesHaveNone() throws IOException {
    assertThat(FillIn.prompt(tokenizer("<a>", "<b>", "<c>"), "ab", "c")).isEmpty();
  }

  private Tokenizer tokenizer(String begin, String hole, String end) throws IOException {
    String json =
        """
        {"added_tokens": [{"id": 4, "content": "%s", "special": true},
                          {"id": 5, "content": "%s", "special": true},
                          {"id": 6, "content": "%s", "special": true}],
         "pre_tokenizer": {"type": "ByteLevel", "use_regex": true},
         "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "c": 2, "ab": 3}, "merges": [["a", "b"]]}}
        """
            .formatted(begin, hole, end);
    return Tokenizers.fromJson(Files.writeString(folder.resolve("tokenizer.json"), json));
  }
}
