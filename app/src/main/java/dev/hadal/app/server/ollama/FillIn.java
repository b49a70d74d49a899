package dev.hadal.app.server.ollama;

import dev.hadal.tokenizer.Tokenizer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * How a model is asked for what stands between two texts, by the tokens its vocabulary has for it.
 * Sources: the model cards of Qwen2.5-Coder, DeepSeek-Coder, StarCoder2 and Code Llama.
 */
final class FillIn {
  /** The tokens before the beginning, before the end, and before what is wanted. */
  private static final List<List<String>> MARKS =
      List.of(
          List.of("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"),
          List.of("<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>"),
          List.of("<fim_prefix>", "<fim_suffix>", "<fim_middle>"),
          List.of("▁<PRE>", "▁<SUF>", "▁<MID>"));

  private FillIn() {}

  /** The prompt; nothing where the vocabulary has no such tokens. */
  static Optional<int[]> prompt(Tokenizer tokenizer, String beginning, String end) {
    for (List<String> marks : MARKS) {
      List<OptionalInt> ids = marks.stream().map(tokenizer::id).toList();
      if (ids.stream().allMatch(OptionalInt::isPresent)) {
        IntStream bos = tokenizer.addsBos() ? tokenizer.bos().stream() : IntStream.empty();
        IntStream first =
            IntStream.concat(ids.get(0).stream(), IntStream.of(tokenizer.encode(beginning)));
        IntStream second =
            IntStream.concat(ids.get(1).stream(), IntStream.of(tokenizer.encode(end)));
        return Optional.of(
            IntStream.concat(
                    IntStream.concat(bos, first), IntStream.concat(second, ids.get(2).stream()))
                .toArray());
      }
    }
    return Optional.empty();
  }
}
