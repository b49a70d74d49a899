package dev.hadal.app.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ModelNameTest {
  @ParameterizedTest
  @CsvSource({
    "Qwen/Qwen3-0.6B-GGUF, hf.co/Qwen/Qwen3-0.6B-GGUF",
    "hf.co/Qwen/Qwen3-0.6B-GGUF:Q8_0, hf.co/Qwen/Qwen3-0.6B-GGUF:Q8_0",
    "hf:Qwen/Qwen3-0.6B, hf.co/Qwen/Qwen3-0.6B",
    "hf://Qwen/Qwen3-0.6B, hf.co/Qwen/Qwen3-0.6B",
    "HuggingFace.co/Qwen/Qwen3-0.6B, hf.co/Qwen/Qwen3-0.6B",
    "https://huggingface.co/Qwen/Qwen3-0.6B/, hf.co/Qwen/Qwen3-0.6B",
    "https://huggingface.co/a/b/tree/main, hf.co/a/b",
    "https://huggingface.co/a/b/blob/v2/q/x.gguf?download=true, hf.co/a/b@v2:q/x.gguf",
    "https://hf.co/a/b/resolve/main/x.gguf, hf.co/a/b:x.gguf",
    "a/b/x.gguf, hf.co/a/b:x.gguf",
    "a/b@v1.0:q4_k_m, hf.co/a/b@v1.0:q4_k_m",
    "hf.co/gpt2, hf.co/gpt2",
    "modelscope.cn/models/Qwen/Qwen3-0.6B/files, modelscope.cn/Qwen/Qwen3-0.6B",
    "https://www.modelscope.cn/models/Qwen/Qwen3-0.6B, modelscope.cn/Qwen/Qwen3-0.6B",
    "ms:Qwen/Qwen3-0.6B@v1:Q8_0, modelscope.cn/Qwen/Qwen3-0.6B@v1:Q8_0",
    "qwen3:0.6b, qwen3:0.6b",
    "qwen3, qwen3:latest",
    "ollama:qwen3, qwen3:latest",
    "https://ollama.com/library/qwen3:0.6b, qwen3:0.6b",
    "registry.ollama.ai/me/mine:7b, ollama.com/me/mine:7b",
    "https://example.org/m/x.gguf, https://example.org/m/x.gguf"
  })
  void isReadAsPeopleTypeIt(String typed, String same) {
    ModelName name = ModelName.of(typed);

    assertThat(name.typed()).isEqualTo(same);
    assertThat(ModelName.of(same)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"./x.gguf", "../x", "/a/b", "a//b", "C:\\models\\x", "a b", "", "~/x"})
  void aPathIsNoName(String path) {
    assertThat(ModelName.parse(path)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hf.co/../../etc",
        "hf.co/a/b:../../x",
        "a/b@../x",
        "hf.co/a/b/..",
        "hf.co/a/b:c\\d",
        "ollama:a/b:..",
        "https://host/",
        "hf.co/",
        "modelscope.cn/a"
      })
  void noNameLeavesItsRepository(String name) {
    assertThatThrownBy(() -> ModelName.of(name)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theFolderIsHuggingFacesOwn() {
    ModelName name = ModelName.of("hf.co/Qwen/Qwen3-0.6B-GGUF:Q8_0");

    assertThat(name.folder()).isEqualTo("models--Qwen--Qwen3-0.6B-GGUF");
    assertThat(ModelName.ofFolder(name.folder())).contains((ModelName.Repository) name.whole());
    assertThat(ModelName.ofFolder("datasets--a--b")).isEmpty();
    assertThat(ModelName.ofFolder(".locks")).isEmpty();
  }
}
