package dev.hadal.bench.compare;

import dev.hadal.bench.harness.Arguments;
import java.nio.file.Path;
import java.util.List;

/**
 * What is measured.
 *
 * @param models names of shapes, or GGUF files
 * @param types storage types of the shapes
 * @param prompt tokens of prefill, 0 for none
 * @param generate tokens of decode, 0 for none
 * @param depth tokens of context before either
 * @param streams texts that are decoded together
 * @param rounds turns each side has
 * @param backend empty for the best
 * @param project the folder that has {@code bench}
 */
record Options(
    List<String> models,
    List<String> types,
    int prompt,
    int generate,
    int depth,
    int streams,
    int rounds,
    int threads,
    String backend,
    Path project) {
  private static final List<String> USUAL =
      List.of("llama-3.2-1b", "qwen2.5-0.5b", "qwen3-moe-small", "deepseek-v2-lite-small");

  static Options of(String[] args) {
    Arguments given =
        Arguments.of(args, List.of("--type", "--backend", "-p", "-n", "-d", "-b", "-r", "-t"));
    return new Options(
        given.models().isEmpty() ? USUAL : given.models(),
        given.texts("--type", "q8_0"),
        given.number("-p", 512),
        given.number("-n", 64),
        given.number("-d", 0),
        given.number("-b", 1),
        given.number("-r", 5),
        given.number("-t", 2),
        given.text("--backend", ""),
        Arguments.project());
  }

  /** Tokens of context that the measurements need, of each stream. */
  int contextTokens() {
    return depth + Math.max(prompt, generate) + 8;
  }
}
