package dev.hadal.bench.compare;

import dev.hadal.bench.harness.Turns;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One test of one file: tokens a second of both sides, turn by turn.
 *
 * @param test in llama-bench's words: {@code pp512}, {@code tg64 @ d4096}; {@code x16} for sixteen
 *     streams, whose tokens are counted together
 * @param bytesPerStep what a decoding step must read; 0 for prefill
 * @param beyondWeights bytes in memory beside those mapped from the model's file
 */
record Measurement(
    String model,
    String type,
    String test,
    List<Double> hadal,
    List<Double> llama,
    long bytesPerStep,
    long beyondWeights,
    long llamaBeyondWeights) {

  /** The median of the ratios of neighbouring turns. */
  double ratio() {
    return Turns.median(Turns.ratios(hadal, llama));
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("model", model);
    json.put("type", type);
    json.put("test", test);
    json.put("hadal_tokens_per_second", hadal);
    json.put("llama_tokens_per_second", llama);
    json.put("ratio", ratio());
    if (bytesPerStep > 0) {
      json.put("bytes_per_step", bytesPerStep);
      json.put("bytes_per_second", bytesPerStep * Turns.median(hadal));
    }
    json.put("hadal_beyond_weights_bytes", beyondWeights);
    json.put("llama_beyond_weights_bytes", llamaBeyondWeights);
    return json;
  }
}
