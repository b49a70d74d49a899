package dev.hadal.app.cli;

import dev.hadal.HadalOptions;
import dev.hadal.engine.Speculation;
import dev.hadal.tensor.DType;
import java.io.IOException;
import java.util.Locale;
import picocli.CommandLine.Option;

/** How a model is opened. */
final class ModelOptions {
  @Option(
      names = {"--context", "-c"},
      paramLabel = "N",
      description =
          "Tokens of context, prompt and answer together; 0 (default) for the model's own.")
  private int context;

  @Option(
      names = {"--threads", "-t"},
      paramLabel = "N",
      description = "Worker threads; 0 (default) for one a physical core.")
  private int threads;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "What computes, such as jit, simd or reference; the fastest here by default.")
  private String backend = "";

  @Option(
      names = "--kv-type",
      paramLabel = "TYPE",
      description =
          "What attention remembers is stored as f16 (default) or q8_0: little more than half of"
              + " the memory, slower to read.")
  private String kvType = "f16";

  @Option(
      names = "--speculate",
      paramLabel = "BY",
      description =
          "Guess tokens ahead, which changes no answer: by ngram (what the text said before), mtp"
              + " (the model's own layer for it), or a smaller MODEL of the same vocabulary.")
  private String speculate = "";

  HadalOptions options() throws IOException {
    check("--context", context);
    check("--threads", threads);
    return speculating(
        HadalOptions.defaults()
            .withBackend(backend)
            .withThreads(threads)
            .withContextLength(context)
            .withKvType(kvType()));
  }

  private DType kvType() {
    return switch (kvType.toLowerCase(Locale.ROOT)) {
      case "f16" -> DType.F16;
      case "q8_0" -> DType.Q8_0;
      default ->
          throw new IllegalArgumentException("--kv-type is " + kvType + "; expected f16 or q8_0");
    };
  }

  private HadalOptions speculating(HadalOptions options) throws IOException {
    return switch (speculate) {
      case "" -> options;
      case "ngram" -> options.withSpeculation(Speculation.NGRAM);
      case "mtp" -> options.withSpeculation(Speculation.MTP);
      default -> options.withDraftModel(Models.resolve(speculate));
    };
  }

  private static void check(String name, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(
          name + " is " + value + "; expected a positive number, or 0 for the default");
    }
  }
}
