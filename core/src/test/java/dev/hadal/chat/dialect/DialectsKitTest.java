package dev.hadal.chat.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.testing.Conformance;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("conformance")
class DialectsKitTest {
  private static final Map<String, String> EXPECTED =
      Map.ofEntries(
          Map.entry("GLM-4.6", "qwen"),
          Map.entry("HuggingFaceTB-SmolLM3-3B", "qwen"),
          Map.entry("Kimi-K2-Instruct", "kimi"),
          Map.entry("NousResearch-Hermes-3-Llama-3.1-8B-tool_use", "qwen"),
          Map.entry("Qwen-QwQ-32B", "qwen"),
          Map.entry("Qwen-Qwen2.5-7B-Instruct", "qwen"),
          Map.entry("Qwen-Qwen3-0.6B", "qwen"),
          Map.entry("Qwen3-Coder", "qwen"),
          Map.entry("deepseek-ai-DeepSeek-R1-Distill-Qwen-32B", "deepseek-r1"),
          Map.entry("deepseek-ai-DeepSeek-V3.1", "deepseek-v3.1"),
          Map.entry("deepseek-ai-DeepSeek-V3.2", "deepseek-v3.2"),
          Map.entry("google-gemma-2-2b-it", "plain"),
          Map.entry("meta-llama-Llama-3.1-8B-Instruct", "llama3"),
          Map.entry("meta-llama-Llama-3.2-3B-Instruct", "llama3"),
          Map.entry("microsoft-Phi-3.5-mini-instruct", "plain"));

  @Test
  void everyPublishedTemplateTellsItsDialect() throws IOException {
    for (Map.Entry<String, String> entry : EXPECTED.entrySet()) {
      String template =
          Files.readString(Conformance.file("templates/" + entry.getKey() + ".jinja"));
      Dialects.Choice choice = Dialects.detect(template, "", token -> false);
      assertThat(choice.dialect().name())
          .as("%s: %s", entry.getKey(), choice.why())
          .isEqualTo(entry.getValue());
    }
  }

  @Test
  void withoutATemplateTheVocabularyTells() {
    assertThat(Dialects.detect("", "qwen3", "<tool_call>"::equals).dialect().name())
        .isEqualTo("qwen");
    assertThat(Dialects.detect("", "llama", token -> false))
        .isEqualTo(
            new Dialects.Choice(
                Dialects.plain(), "no template and no marks in the vocabulary of this llama"));
  }
}
