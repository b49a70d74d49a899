package dev.hadal.tokenizer;

import dev.hadal.testing.Conformance;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every vocabulary of the conformance kit gives the ids its reference gives. */
@Tag("conformance")
final class ExpectedIdsTest {
  @ParameterizedTest
  @ValueSource(strings = {"bert-bge", "deepseek-coder", "deepseek-llm", "gpt-2", "llama-spm"})
  void ggufVocabulariesGiveTheReferenceIds(String name) {
    Tokenizer tokenizer =
        GgufMetadata.tokenizer(Conformance.file("tokenizers/gguf/" + name + ".gguf"));
    Expected.check(tokenizer, Conformance.file("tokenizers/expected/" + name + ".json"));
  }
}
