package dev.hadal.bench.serving;

import dev.hadal.HadalOptions;
import dev.hadal.bench.harness.Arguments;
import java.util.List;

/**
 * What is measured.
 *
 * @param models names of shapes, or GGUF files
 * @param types storage types of the shapes
 * @param rounds turns each side has
 * @param backend empty for the best
 */
record Options(
    List<String> models, List<String> types, int rounds, int threads, String backend, Sizes sizes) {

  /**
   * How much is asked for, in tokens.
   *
   * @param answer of one stream
   * @param shared of each of several streams
   * @param prompt a long one
   * @param question a short one
   * @param streams most answers at a time
   */
  record Sizes(int answer, int shared, int prompt, int question, int streams) {
    static final Sizes USUAL = new Sizes(128, 64, 1000, 32, 16);
  }

  static Options of(String[] args) {
    Arguments given = Arguments.of(args, List.of("--type", "--backend", "-r", "-t"));
    return new Options(
        given.models().isEmpty() ? List.of("qwen2.5-0.5b") : given.models(),
        given.texts("--type", "q8_0"),
        given.number("-r", 5),
        given.number("-t", 2),
        given.text("--backend", ""),
        Sizes.USUAL);
  }

  /** How the model is opened: as a server would, with room for what is asked for. */
  HadalOptions opening() {
    int room = 512; // a chat template's own words, and a question
    return HadalOptions.defaults()
        .withBackend(backend)
        .withThreads(threads)
        .withMaxSequences(sizes.streams)
        .withContextLength(sizes.prompt + sizes.answer + room);
  }
}
