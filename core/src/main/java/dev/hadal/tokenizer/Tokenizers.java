package dev.hadal.tokenizer;

import dev.hadal.format.Checkpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Opens tokenizers. Every door throws {@link dev.hadal.format.FormatException} for data that is not
 * what it claims to be.
 */
public final class Tokenizers {
  private Tokenizers() {}

  /**
   * The tokenizer a checkpoint brings: in a GGUF file's metadata, or as {@code tokenizer.json} in
   * the folder of a safetensors one.
   *
   * @throws IllegalArgumentException if the folder has none
   */
  public static Tokenizer of(Checkpoint checkpoint) {
    Path source = checkpoint.source();
    if (checkpoint.metadata().containsKey("tokenizer.ggml.model")) {
      return fromGguf(checkpoint.metadata(), String.valueOf(source.getFileName()));
    }
    for (String name : new String[] {"tokenizer.json", "tokenizer.json.gz"}) {
      // Inside a folder of safetensors, or beside a single file of them.
      Path tokenizer =
          Files.isDirectory(source) ? source.resolve(name) : source.resolveSibling(name);
      Path config = tokenizer.resolveSibling("tokenizer_config.json");
      if (Files.exists(tokenizer)) {
        return Files.exists(config) ? fromJson(tokenizer, config) : fromJson(tokenizer);
      }
    }
    throw new IllegalArgumentException(
        source
            + " brings no tokenizer: there is neither GGUF vocabulary nor tokenizer.json;"
            + " is the download complete?");
  }

  /**
   * From the metadata of a GGUF file, whose keys begin with {@code tokenizer.ggml.}.
   *
   * @param metadata values as the GGUF reader gives them: Long, Double, Boolean, String and arrays
   *     of them
   * @param file the file's name, for messages
   */
  public static Tokenizer fromGguf(Map<String, Object> metadata, String file) {
    return GgufVocabulary.read(metadata, file);
  }

  /**
   * From a Hugging Face {@code tokenizer.json}, plain or gzip. BOS and EOS are told by the names of
   * well-known tokens.
   */
  public static Tokenizer fromJson(Path tokenizer) {
    return HfVocabulary.read(tokenizer, null);
  }

  /**
   * From a Hugging Face {@code tokenizer.json}, plain or gzip.
   *
   * @param config the {@code tokenizer_config.json} beside it, which names BOS and EOS and may say
   *     whether they are added
   */
  public static Tokenizer fromJson(Path tokenizer, Path config) {
    return HfVocabulary.read(tokenizer, config);
  }

  /**
   * From tiktoken ranks, plain or gzip.
   *
   * @param preTokenizer how the text is cut, by the names that GGUF files use, such as {@code
   *     deepseek-v3} or {@code gpt-4o}
   * @param specials control tokens with their ids, which the ranks do not hold
   */
  public static Tokenizer fromTiktoken(
      Path ranks, String preTokenizer, Map<String, Integer> specials) {
    return Tiktoken.read(ranks, preTokenizer, specials);
  }
}
