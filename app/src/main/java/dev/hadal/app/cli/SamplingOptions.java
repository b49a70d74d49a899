package dev.hadal.app.cli;

import dev.hadal.engine.SamplingParams;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How to choose the next token and when to stop; what is not given is the model's own default. */
final class SamplingOptions {
  private static final String NUMBER = "X";

  @Option(
      names = "--temperature",
      paramLabel = NUMBER,
      description = "0 takes the likeliest token; 1 leaves the odds as they are.")
  private @Nullable Float temperature;

  @Option(names = "--top-k", paramLabel = "N", description = "Keep the N likeliest; 0 for all.")
  private @Nullable Integer topK;

  @Option(
      names = "--top-p",
      paramLabel = NUMBER,
      description = "Keep the likeliest whose probabilities sum to X; 1 for all.")
  private @Nullable Float topP;

  @Option(
      names = "--min-p",
      paramLabel = NUMBER,
      description = "Keep those at least X times as likely as the likeliest; 0 for all.")
  private @Nullable Float minP;

  @Option(
      names = {"--repetition-penalty", "--repeat-penalty"},
      paramLabel = NUMBER,
      description = "Above 1: tokens seen before become less likely.")
  private @Nullable Float repetitionPenalty;

  @Option(
      names = "--frequency-penalty",
      paramLabel = NUMBER,
      description = "Subtracted for every time a token was generated.")
  private @Nullable Float frequencyPenalty;

  @Option(
      names = "--presence-penalty",
      paramLabel = NUMBER,
      description = "Subtracted once for a token that was generated.")
  private @Nullable Float presencePenalty;

  @Option(
      names = {"--seed", "-s"},
      paramLabel = "N",
      description = "The same seed gives the same answer.")
  private @Nullable Long seed;

  @Option(
      names = {"--max-tokens", "-n"},
      paramLabel = "N",
      description = "Most tokens to generate; 0 for as many as the context has room for.")
  private @Nullable Integer maxTokens;

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description =
          "A text that ends the answer and is not part of it (repeatable); \\n is a line break.")
  private List<String> stop = new ArrayList<>();

  @Option(
      names = "--logit-bias",
      paramLabel = "ID=X",
      description = "Added to the logit of token ID (repeatable); -100 forbids it.")
  private Map<Integer, Float> logitBias = new LinkedHashMap<>();

  /**
   * These options over a model's defaults.
   *
   * @throws IllegalArgumentException if a value is out of range
   */
  SamplingParams over(SamplingParams defaults) {
    Map<String, Object> given = new HashMap<>();
    put(given, "temperature", temperature);
    put(given, "top_k", topK);
    put(given, "top_p", topP);
    put(given, "min_p", minP);
    SamplingParams params =
        defaults
            .with(given)
            .withPenalties(
                or(repetitionPenalty, defaults.repetitionPenalty()),
                or(frequencyPenalty, defaults.frequencyPenalty()),
                or(presencePenalty, defaults.presencePenalty()));
    params = seed == null ? params : params.withSeed(seed);
    params = maxTokens == null ? params : params.withMaxTokens(maxTokens);
    params = stop.isEmpty() ? params : params.withStop(stop.stream().map(Escapes::read).toList());
    return logitBias.isEmpty() ? params : params.withLogitBias(logitBias);
  }

  private static void put(Map<String, Object> map, String key, @Nullable Object value) {
    if (value != null) {
      map.put(key, value);
    }
  }

  private static float or(@Nullable Float given, float otherwise) {
    return given == null ? otherwise : given;
  }
}
