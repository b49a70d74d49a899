package dev.hadal.format;

import dev.hadal.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Llama 3's stretching of the context in its two forms: a rule in config.json, a tensor of divisors
 * in GGUF. Source: the reference code of Llama 3.1.
 */
final class Llama3Frequencies {
  private static final int TRAINED_CONTEXT = 8192;
  private static final double LOW = 1;
  private static final double HIGH = 4;

  private Llama3Frequencies() {}

  /** What each of the d / 2 frequencies is divided by. */
  static float[] divisors(double theta, int headDim, RopeScaling s) {
    float[] divisors = new float[headDim / 2];
    for (int i = 0; i < divisors.length; i++) {
      double frequency = Math.pow(theta, -2.0 * i / headDim);
      double turns = s.originalMaxPositionEmbeddings() * frequency / (2 * Math.PI);
      double smooth = (turns - s.lowFreqFactor()) / (s.highFreqFactor() - s.lowFreqFactor());
      smooth = Math.clamp(smooth, 0, 1);
      divisors[i] = (float) (1 / ((1 - smooth) / s.factor() + smooth));
    }
    return divisors;
  }

  /** The rule behind divisors, if they follow the one that all released models have. */
  static Optional<Map<String, Object>> rule(double theta, int headDim, Tensor divisors) {
    float[] given = divisors.toFloats();
    if (given.length != headDim / 2) {
      return Optional.empty();
    }
    double factor = 1;
    for (float divisor : given) {
      factor = Math.max(factor, divisor);
    }
    RopeScaling rule =
        new RopeScaling("llama3", factor, TRAINED_CONTEXT, 32, 1, 0, 0, LOW, HIGH, 0);
    float[] computed = divisors(theta, headDim, rule);
    for (int i = 0; i < given.length; i++) {
      if (Math.abs(given[i] - computed[i]) > 1e-3 * computed[i]) {
        return Optional.empty();
      }
    }
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("rope_type", "llama3");
    values.put("factor", factor);
    values.put("low_freq_factor", LOW);
    values.put("high_freq_factor", HIGH);
    values.put("original_max_position_embeddings", TRAINED_CONTEXT);
    return Optional.of(values);
  }
}
