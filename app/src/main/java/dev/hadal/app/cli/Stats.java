package dev.hadal.app.cli;

import dev.hadal.engine.TokenStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * How many tokens an answer took, and how long.
 *
 * @param draftedTokens guesses, of which {@code acceptedTokens} were right
 */
record Stats(
    int promptTokens,
    int generatedTokens,
    int draftedTokens,
    int acceptedTokens,
    double promptSeconds,
    double decodeSeconds) {
  static Stats of(TokenStream tokens) {
    return new Stats(
        tokens.promptTokens(),
        tokens.generatedTokens(),
        tokens.draftedTokens(),
        tokens.acceptedTokens(),
        tokens.promptNanos() / 1e9,
        tokens.decodeNanos() / 1e9);
  }

  /** One line for people. */
  String line() {
    String guesses =
        draftedTokens == 0
            ? ""
            : String.format(
                Locale.ROOT, "; %,d of %,d guesses right", acceptedTokens, draftedTokens);
    return String.format(
            Locale.ROOT,
            "prompt %,d tokens, %.2f s (%.1f a second); answer %,d tokens, %.2f s (%.1f a second)",
            promptTokens,
            promptSeconds,
            rate(promptTokens, promptSeconds),
            generatedTokens,
            decodeSeconds,
            rate(generatedTokens - 1, decodeSeconds))
        + guesses;
  }

  /** Counts under OpenAI's names. */
  Map<String, Object> usage() {
    Map<String, Object> usage = new LinkedHashMap<>();
    usage.put("prompt_tokens", promptTokens);
    usage.put("completion_tokens", generatedTokens);
    usage.put("total_tokens", promptTokens + generatedTokens);
    return usage;
  }

  /** Times under llama.cpp's names. */
  Map<String, Object> timings() {
    Map<String, Object> timings = new LinkedHashMap<>();
    timings.put("prompt_ms", rounded(1e3 * promptSeconds));
    timings.put("prompt_per_second", rounded(rate(promptTokens, promptSeconds)));
    timings.put("predicted_ms", rounded(1e3 * decodeSeconds));
    timings.put("predicted_per_second", rounded(rate(generatedTokens - 1, decodeSeconds)));
    if (draftedTokens > 0) {
      timings.put("draft_n", draftedTokens);
      timings.put("draft_n_accepted", acceptedTokens);
    }
    return timings;
  }

  // The first token comes with the prompt: the time after it made one fewer.
  private static double rate(int tokens, double seconds) {
    return seconds > 0 && tokens > 0 ? tokens / seconds : 0;
  }

  private static double rounded(double value) {
    return Math.round(value * 100) / 100.0;
  }
}
