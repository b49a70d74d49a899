package dev.hadal.app.cli;

import dev.hadal.HadalOptions;
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

  HadalOptions options() {
    check("--context", context);
    check("--threads", threads);
    return HadalOptions.defaults()
        .withBackend(backend)
        .withThreads(threads)
        .withContextLength(context);
  }

  private static void check(String name, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(
          name + " is " + value + "; expected a positive number, or 0 for the default");
    }
  }
}
