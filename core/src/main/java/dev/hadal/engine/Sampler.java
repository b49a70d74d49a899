package dev.hadal.engine;

import dev.hadal.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Chooses one sequence's next tokens: penalties and bias, temperature, then top-k, top-p and min-p
 * in the order Hugging Face and vLLM apply them. Ties go to the lower id. Owned by the engine's
 * thread.
 */
final class Sampler {
  private final SamplingParams params;
  private final SplittableRandom random;
  private final float[] logits;
  private final boolean[] seen; // in the prompt or generated
  private final int[] generated; // how often
  private long[] candidates = new long[64];

  Sampler(SamplingParams params, int vocabSize, int[] prompt) {
    this.params = params;
    this.random =
        params.seed().isPresent()
            ? new SplittableRandom(params.seed().getAsLong())
            : new SplittableRandom();
    this.logits = new float[vocabSize];
    this.seen = new boolean[vocabSize];
    this.generated = new int[vocabSize];
    for (int token : prompt) {
      seen[token] = true;
    }
  }

  /** Chooses from row {@code row} of logits (R, V), and remembers the choice. */
  int sample(Tensor logits_RV, int row) {
    int size = logits.length;
    MemorySegment.copy(
        logits_RV.data(), Tensor.FLOAT, (long) row * size * Float.BYTES, logits, 0, size);
    penalize();
    params.logitBias().forEach((token, bias) -> logits[token] += bias);
    int token = params.temperature() == 0 ? argmax(logits) : draw();
    seen[token] = true;
    generated[token]++;
    return token;
  }

  private void penalize() {
    float repetition = params.repetitionPenalty();
    float frequency = params.frequencyPenalty();
    float presence = params.presencePenalty();
    if (repetition == 1 && frequency == 0 && presence == 0) {
      return;
    }
    for (int i = 0; i < logits.length; i++) {
      if (seen[i]) {
        logits[i] = logits[i] > 0 ? logits[i] / repetition : logits[i] * repetition;
      }
      if (generated[i] > 0) {
        logits[i] -= frequency * generated[i] + presence;
      }
    }
  }

  /** The likeliest token; NaN never wins. */
  static int argmax(float[] logits) {
    int best = 0;
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < logits.length; i++) {
      if (logits[i] > max) {
        max = logits[i];
        best = i;
      }
    }
    return best;
  }

  private int draw() {
    int best = argmax(logits);
    float max = logits[best];
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) Math.exp((logits[i] - max) / params.temperature());
      sum += logits[i];
    }
    int count = collect(sum);
    Arrays.sort(candidates, 0, count);
    int kept = keep(count, sum);
    double total = 0;
    for (int i = 0; i < kept; i++) {
      total += weight(candidates[i]);
    }
    double left = random.nextDouble() * total;
    for (int i = 0; i < kept; i++) {
      left -= weight(candidates[i]);
      if (left < 0) {
        return token(candidates[i]);
      }
    }
    return kept == 0 ? best : token(candidates[kept - 1]);
  }

  /**
   * The tokens that can matter, so that not the whole vocabulary is sorted: those left out sum to
   * less than what top-p leaves out, or lie below min-p.
   */
  private int collect(double sum) {
    double floor =
        Math.max(
            params.minP(), // the likeliest has weight 1
            params.topP() < 1 ? (1 - params.topP()) * sum / logits.length : 0);
    int count = 0;
    for (int i = 0; i < logits.length; i++) {
      if (logits[i] >= floor && logits[i] > 0) {
        if (count == candidates.length) {
          candidates = Arrays.copyOf(candidates, 2 * count);
        }
        // Sorted ascending, this key is descending in weight, then ascending in id.
        candidates[count++] = ((long) ~Float.floatToRawIntBits(logits[i]) << 32) | i;
      }
    }
    return count;
  }

  /** How many of the sorted candidates top-k and top-p keep; top-p looks at what top-k left. */
  private int keep(int count, double sum) {
    int kept = params.topK() > 0 ? Math.min(count, params.topK()) : count;
    if (params.topP() >= 1) {
      return kept;
    }
    double mass = sum;
    if (kept < count) {
      mass = 0;
      for (int i = 0; i < kept; i++) {
        mass += weight(candidates[i]);
      }
    }
    double reached = 0;
    for (int i = 0; i < kept; i++) {
      reached += weight(candidates[i]);
      if (reached >= params.topP() * mass) {
        return i + 1;
      }
    }
    return kept;
  }

  private static float weight(long candidate) {
    return Float.intBitsToFloat(~(int) (candidate >> 32));
  }

  private static int token(long candidate) {
    return (int) candidate;
  }
}
