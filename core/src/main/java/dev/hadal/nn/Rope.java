package dev.hadal.nn;

import dev.hadal.backend.Batch;
import dev.hadal.format.Config;
import dev.hadal.format.FormatException;
import dev.hadal.format.RopeScaling;
import dev.hadal.ops.Ops;
import dev.hadal.tensor.Tensor;

/**
 * Rotary positions: pair i of a head turns by position * frequency_i. Sources: RoFormer
 * (arXiv:2104.09864), YaRN (arXiv:2309.00071), Llama 3.1's own rule as in its reference code.
 *
 * <p>Where the two numbers of a pair lie differs by who wrote the checkpoint, neighbours or half a
 * head apart; {@code format} settles that as {@link Config#ropeInterleave()}.
 *
 * @param frequency_r2 angle a position, one for each pair
 * @param scale what cosines and sines are multiplied by; 1 but for YaRN outside DeepSeek
 */
public record Rope(Tensor frequency_r2, float scale) {

  /**
   * @param weights the scope of {@code rope_freqs.weight}, divisors of the frequencies that some
   *     GGUF files carry instead of a rule
   * @param dim how many numbers of a head are rotated
   */
  public static Rope of(Config config, Weights weights, int dim) {
    double theta = config.ropeTheta();
    float[] frequency = new float[dim / 2];
    for (int i = 0; i < frequency.length; i++) {
      frequency[i] = (float) Math.pow(theta, -2.0 * i / dim);
    }
    RopeScaling scaling = config.ropeScaling().orElse(null);
    float scale = 1;
    if (weights.has("rope_freqs.weight")) {
      Tensor divisor = weights.vector("rope_freqs.weight", dim / 2);
      for (int i = 0; i < frequency.length; i++) {
        frequency[i] /= divisor.get(i);
      }
    } else if (scaling != null) {
      switch (scaling.type()) {
        case "default" -> {}
        case "linear" -> scaleAll(frequency, scaling.factor());
        case "llama3" -> llama3(frequency, scaling);
        case "yarn" -> {
          yarn(frequency, scaling, theta, dim);
          scale = (float) attentionFactor(scaling);
        }
        default ->
            throw new FormatException(
                config.source(),
                -1,
                "rope_scaling type is '%s'; known are default, linear, llama3 and yarn"
                    .formatted(scaling.type()));
      }
    }
    return new Rope(Tensor.of(frequency, frequency.length), scale);
  }

  /** The rotations of every row of a batch: made once, used by every layer. */
  public Tensor rotations(Ops ops, Batch batch) {
    return ops.rotations(batch.positions(), frequency_r2, scale);
  }

  /** YaRN's m(s, a) = 0.1 a ln s + 1 for s > 1. */
  public static double yarnScale(double factor, double a) {
    return factor <= 1 ? 1 : 0.1 * a * Math.log(factor) + 1;
  }

  private static void scaleAll(float[] frequency, double factor) {
    for (int i = 0; i < frequency.length; i++) {
      frequency[i] = (float) (frequency[i] / factor);
    }
  }

  /** Long waves are stretched by the factor, short ones kept, those between are mixed. */
  private static void llama3(float[] frequency, RopeScaling s) {
    double original = s.originalMaxPositionEmbeddings();
    for (int i = 0; i < frequency.length; i++) {
      double waves = original * frequency[i] / (2 * Math.PI); // full turns over the trained context
      double smooth =
          Math.clamp((waves - s.lowFreqFactor()) / (s.highFreqFactor() - s.lowFreqFactor()), 0, 1);
      frequency[i] = (float) ((1 - smooth) * frequency[i] / s.factor() + smooth * frequency[i]);
    }
  }

  private static void yarn(float[] frequency, RopeScaling s, double theta, int dim) {
    double low = Math.floor(correctionDim(s.betaFast(), s, theta, dim));
    double high = Math.ceil(correctionDim(s.betaSlow(), s, theta, dim));
    low = Math.max(low, 0);
    high = Math.min(high, dim - 1.0);
    if (low == high) {
      high += 0.001; // as the reference does: a step instead of a division by zero
    }
    for (int i = 0; i < frequency.length; i++) {
      double ramp = Math.clamp((i - low) / (high - low), 0, 1);
      frequency[i] = (float) (frequency[i] / s.factor() * ramp + frequency[i] * (1 - ramp));
    }
  }

  /** The pair that makes {@code turns} full turns over the trained context. */
  private static double correctionDim(double turns, RopeScaling s, double theta, int dim) {
    return dim
        * Math.log(s.originalMaxPositionEmbeddings() / (turns * 2 * Math.PI))
        / (2 * Math.log(theta));
  }

  private static double attentionFactor(RopeScaling s) {
    if (s.attentionFactor() > 0) {
      return s.attentionFactor();
    }
    return s.mscale() != 0 && s.mscaleAllDim() != 0
        ? yarnScale(s.factor(), s.mscale()) / yarnScale(s.factor(), s.mscaleAllDim())
        : yarnScale(s.factor(), 1);
  }
}
