package dev.hadal.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelsTest {
  @TempDir private Path folder;

  @Test
  void tinyIsAFileWithItsContentsChecksumInItsName() throws IOException {
    Path tiny = Models.resolve("tiny");

    assertThat(tiny.getFileName().toString()).matches("tiny-[0-9a-f]{8}\\.gguf");
    assertThat(Models.isGguf(tiny)).isTrue();
    assertThat(Models.resolve("tiny")).isEqualTo(tiny);
  }

  @Test
  void aNameThatComesNearIsGuessed() throws IOException {
    Files.copy(Tiny.file(), folder.resolve("qwen3.gguf"));

    assertThatThrownBy(() -> Models.resolve(folder.resolve("qwen.gguf").toString()))
        .hasMessageContaining("did you mean " + folder.resolve("qwen3.gguf"));
    assertThatThrownBy(() -> Models.resolve(folder.resolve("qwen").toString()))
        .hasMessageContaining("did you mean " + folder.resolve("qwen3.gguf"));
    assertThatThrownBy(() -> Models.resolve("tinny")).hasMessageContaining("did you mean tiny?");
    assertThatThrownBy(() -> Models.resolve("gpt-9")).hasMessageContaining("or 'tiny'");
  }

  @Test
  void aPartOfAFolderMeansTheFolder() throws IOException {
    Files.writeString(folder.resolve("config.json"), "{}");
    Path weights = Files.writeString(folder.resolve("model-00001-of-00002.safetensors"), "");

    assertThat(Models.resolve(weights.toString())).isEqualTo(folder);
    assertThat(Models.resolve(folder.resolve("config.json").toString())).isEqualTo(folder);
    assertThat(Models.resolve(folder.toString())).isEqualTo(folder);
  }

  @Test
  void whatIsNoModelIsExplained() throws IOException {
    Path text = Files.writeString(folder.resolve("notes.txt"), "hello");
    Path alone = Files.writeString(folder.resolve("model.safetensors"), "");
    Path vocabulary = Files.writeString(folder.resolve("tokenizer.json"), "{}");

    assertThatThrownBy(() -> Models.resolve(text.toString())).hasMessageContaining("no model");
    assertThatThrownBy(() -> Models.resolve(alone.toString())).hasMessageContaining("config.json");
    assertThatThrownBy(() -> Models.resolve(vocabulary.toString()))
        .hasMessageContaining("hadal tokenize");
    assertThatThrownBy(() -> Models.resolve(folder.toString()))
        .hasMessageContaining("no config.json");
  }
}
