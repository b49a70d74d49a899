package dev.hadal.app.cli;

import dev.hadal.format.Checkpoint;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** Says what a model is and what it needs. */
@Command(
    name = "info",
    header = "Says what a model is, and the memory it needs.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  hadal info qwen3.gguf",
      "  hadal info DeepSeek-V2-Lite/ --context 32768",
      "  hadal info tiny --json"
    })
final class Info implements Callable<Integer> {
  private final Io io;

  @Parameters(index = "0", paramLabel = "MODEL", description = "The model.")
  private String name = "";

  @Option(
      names = {"--context", "-c"},
      paramLabel = "N",
      description = "Tokens of context to count the memory for; the model's own by default.")
  private int context;

  @Option(names = "--json", description = "Print a JSON object.")
  private boolean json;

  Info(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() throws IOException {
    ModelFacts facts;
    try (Checkpoint checkpoint = Checkpoint.open(Models.resolve(name))) {
      facts = ModelFacts.of(checkpoint, name, context);
    }
    if (json) {
      JsonMapper mapper =
          JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();
      io.out().println(mapper.writeValueAsString(facts));
    } else {
      print(facts);
    }
    return 0;
  }

  private void print(ModelFacts facts) {
    boolean sparse = facts.activeParameters() != facts.parameters();
    line("model", facts.name());
    line("architecture", facts.architecture());
    line(
        "parameters",
        parameters(facts.parameters())
            + (sparse ? "; a token meets " + parameters(facts.activeParameters()) : ""));
    line(
        "shape",
        "%,d layers, %,d wide, vocabulary of %,d"
            .formatted(facts.layers(), facts.hiddenSize(), facts.vocabSize()));
    line("quantisation", quantisation(facts.quantisation()));
    line("context", "%,d tokens".formatted(facts.contextLength()));
    line("chat template", facts.chatTemplate() ? "yes" : "none: it continues text");
    line(
        "memory",
        "%s with %,d tokens of context: weights %s, cache %s (%s a token)"
            .formatted(
                Sizes.bytes(facts.memoryBytes()),
                facts.memoryTokens(),
                Sizes.bytes(facts.weightsBytes()),
                Sizes.bytes(facts.memoryBytes() - facts.weightsBytes()),
                Sizes.bytes(facts.cacheBytesPerToken())));
  }

  private void line(String key, String value) {
    io.out().println(io.dim(String.format(Locale.ROOT, "%-13s", key)) + "  " + value);
  }

  private static String parameters(long count) {
    return String.format(Locale.ROOT, "%,d (%s)", count, Sizes.count(count));
  }

  private static String quantisation(Map<String, Double> types) {
    return types.size() == 1
        ? types.keySet().iterator().next()
        : types.entrySet().stream()
            .map(e -> String.format(Locale.ROOT, "%s %.1f%%", e.getKey(), 100 * e.getValue()))
            .collect(Collectors.joining(", "));
  }
}
