package dev.hadal.app.cli;

import dev.hadal.format.Checkpoint;
import dev.hadal.tokenizer.Tokenizer;
import dev.hadal.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/** Opens the vocabulary of a model, or one that comes alone. */
final class Vocabularies {
  private Vocabularies() {}

  /**
   * @param name a model, a {@code tokenizer.json[.gz]}, or ranks as tiktoken keeps them
   * @param preTokenizer how ranks cut text; empty for all others
   */
  static Tokenizer open(String name, String preTokenizer) throws IOException {
    Path path = Path.of(name);
    String file = String.valueOf(path.getFileName());
    if (Files.isRegularFile(path) && !Models.isGguf(path)) {
      if (file.endsWith(".json") || file.endsWith(".json.gz")) {
        return json(path);
      }
      if (file.endsWith(".tiktoken") || file.endsWith(".tiktoken.gz")) {
        return ranks(path, preTokenizer);
      }
    }
    if (Files.notExists(path) && (file.contains(".json") || file.contains(".tiktoken"))) {
      throw new NoSuchFileException(name);
    }
    if (Files.isDirectory(path)) {
      for (String known : new String[] {"tokenizer.json", "tokenizer.json.gz"}) {
        if (Files.exists(path.resolve(known))) {
          return json(path.resolve(known));
        }
      }
      throw new IllegalArgumentException(
          path + ": this folder has no tokenizer.json; is the download complete?");
    }
    Path model = Models.resolve(name);
    if (Files.isDirectory(model)) {
      return open(model.toString(), preTokenizer);
    }
    try (Checkpoint checkpoint = Checkpoint.open(model)) {
      return Tokenizers.of(checkpoint);
    }
  }

  private static Tokenizer json(Path tokenizer) {
    Path config = tokenizer.resolveSibling("tokenizer_config.json");
    return Files.exists(config)
        ? Tokenizers.fromJson(tokenizer, config)
        : Tokenizers.fromJson(tokenizer);
  }

  private static Tokenizer ranks(Path file, String preTokenizer) {
    if (preTokenizer.isEmpty()) {
      throw new IllegalArgumentException(
          file + ": ranks do not say how text is cut; --pre NAME does, such as --pre deepseek-v3");
    }
    return Tokenizers.fromTiktoken(file, preTokenizer, Map.of());
  }
}
