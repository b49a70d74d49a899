package dev.hadal.app.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VariantTest {
  private static final List<String> QUANTS =
      List.of(
          "README.md",
          "mmproj-F16.gguf",
          "imatrix_unsloth.gguf",
          "Qwen3-0.6B-Q4_K_M.gguf",
          "Qwen3-0.6B-Q8_0.gguf",
          "Qwen3-0.6B-UD-Q2_K_XL.gguf",
          "BF16/Qwen3-0.6B-BF16-00002-of-00002.gguf",
          "BF16/Qwen3-0.6B-BF16-00001-of-00002.gguf");

  @ParameterizedTest
  @CsvSource({
    "Q8_0, Qwen3-0.6B-Q8_0.gguf",
    "q4_k_m, Qwen3-0.6B-Q4_K_M.gguf",
    "'', Qwen3-0.6B-Q4_K_M.gguf",
    "Q2_K_XL, Qwen3-0.6B-UD-Q2_K_XL.gguf",
    "Qwen3-0.6B-Q8_0.gguf, Qwen3-0.6B-Q8_0.gguf",
    "bf16, BF16/Qwen3-0.6B-BF16-00001-of-00002.gguf",
    "BF16/Qwen3-0.6B-BF16-00002-of-00002.gguf, BF16/Qwen3-0.6B-BF16-00001-of-00002.gguf"
  })
  void aQuantisationOrAFileIsMeant(String selector, String first) {
    Variant variant = Variant.choose("a/b", QUANTS, selector);

    assertThat(variant.files().getFirst()).isEqualTo(first);
    assertThat(variant.files()).hasSize(first.startsWith("BF16") ? 2 : 1);
    assertThat(variant.isWhole()).isTrue();
  }

  @Test
  void whatIsNotThereIsAnsweredWithTheNearest() {
    assertThatThrownBy(() -> Variant.choose("hf.co/a/b", QUANTS, "Q4_K_X"))
        .hasMessageContaining("hf.co/a/b has no 'Q4_K_X'; nearest: Q4_K_M")
        .hasMessageContaining("all: BF16, Q4_K_M, Q8_0, UD-Q2_K_XL");
    assertThatThrownBy(() -> Variant.choose("hf.co/a/b", List.of("pytorch_model.bin"), ""))
        .hasMessageContaining("it has pytorch_model.bin")
        .hasMessageContaining("-GGUF");
    assertThatThrownBy(() -> Variant.choose("x", List.of("config.json", "m.safetensors"), "Q4_K_M"))
        .hasMessageContaining("hadal quantize");
    assertThatThrownBy(() -> Variant.choose("x", List.of("a-Q8_0.gguf", "b-Q8_0.gguf"), "Q8_0"))
        .hasMessageContaining("a-Q8_0.gguf, b-Q8_0.gguf");
  }

  @Test
  void ofAFolderOnlyWhatAModelNeedsIsTaken() {
    List<String> files =
        List.of(
            ".gitattributes",
            "README.md",
            "chat_template.jinja",
            "config.json",
            "consolidated.safetensors",
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors",
            "onnx/model.onnx",
            "original/config.json",
            "tokenizer.json");

    assertThat(Variant.choose("a/b", files, ""))
        .isEqualTo(
            new Variant(
                "",
                List.of(
                    "chat_template.jinja",
                    "config.json",
                    "model-00001-of-00002.safetensors",
                    "model-00002-of-00002.safetensors",
                    "tokenizer.json")));
  }

  @Test
  void aSplitFileWithoutAPartIsNotWhole() {
    assertThat(Variant.among(List.of("m-Q8_0-00001-of-00003.gguf")).getFirst().isWhole()).isFalse();
  }
}
