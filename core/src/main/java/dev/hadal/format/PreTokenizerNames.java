package dev.hadal.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The name GGUF has for a byte-level tokenizer's way of cutting text before merging. GGUF stores
 * only this name, where tokenizer.json has the patterns; so the patterns of each name stand here.
 * Source of the names: {@code get_vocab_base_pre} in llama.cpp's converter.
 */
final class PreTokenizerNames {
  private static final String SPACES = "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  private static final String WORDS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|";
  private static final String MARKS = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*";

  /** What a step begins or ends with is enough to tell the long ones apart. */
  private record Named(String name, List<String> steps) {}

  private static final List<Named> NAMES =
      List.of(
          new Named("llama-bpe", List.of(WORDS + "\\p{N}{1,3}" + MARKS + SPACES)),
          new Named("qwen2", List.of(WORDS + "\\p{N}" + MARKS + SPACES)),
          new Named(
              "qwen35",
              List.of(
                  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}|"
                      + " ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*"
                      + SPACES)),
          new Named(
              "deepseek-v3",
              List.of(
                  "\\p{N}{1,3}",
                  "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+",
                  "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|"
                      + "[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*"
                      + SPACES)),
          new Named("smollm", List.of("Digits", "ByteLevel")),
          new Named("gpt-2", List.of("ByteLevel")));

  private PreTokenizerNames() {}

  /**
   * @throws IllegalArgumentException if no name stands for these patterns; the message shows them
   */
  static String of(Map<String, Object> tokenizerJson, String file) {
    List<String> steps = new ArrayList<>();
    collect(tokenizerJson.get("pre_tokenizer"), steps);
    for (Named named : NAMES) {
      if (named.steps.equals(steps)) {
        return named.name;
      }
    }
    String all = String.join(" ", steps);
    if (all.startsWith("[\r\n]") || all.startsWith("[\\r\\n]")) {
      return all.contains("\\p{L}+") ? "deepseek-coder" : "deepseek-llm";
    }
    if (all.contains("\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}")) {
      return all.contains("\\p{Han}")
          ? "kimi-k2"
          : all.contains("\\p{N}{1,3}") ? "gpt-4o" : "tekken";
    }
    throw new IllegalArgumentException(
        "%s cuts text by %s; no GGUF name is known for that".formatted(file, steps));
  }

  /** The patterns of the steps in order; steps that are no pattern by their names. */
  private static void collect(@Nullable Object step, List<String> steps) {
    if (!(step instanceof Map<?, ?> map)) {
      return;
    }
    String type = String.valueOf(map.get("type"));
    switch (type) {
      case "Sequence" -> {
        if (map.get("pretokenizers") instanceof List<?> list) {
          list.forEach(inner -> collect(inner, steps));
        }
      }
      case "Split" -> {
        Object pattern = map.get("pattern");
        String regex = HfMetadata.text(pattern, "Regex");
        String plain = HfMetadata.text(pattern, "String");
        steps.add(regex != null ? regex : String.valueOf(plain));
      }
      case "ByteLevel" -> {
        if (!Boolean.FALSE.equals(map.get("use_regex"))) {
          steps.add(type);
        }
      }
      default -> steps.add(type);
    }
  }
}
