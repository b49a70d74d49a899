package dev.hadal.tokenizer;

import java.util.Map;

/**
 * Opens tokenizers. Every door throws {@link dev.hadal.format.FormatException} for data that is not
 * what it claims to be.
 */
public final class Tokenizers {
  private Tokenizers() {}

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
}
