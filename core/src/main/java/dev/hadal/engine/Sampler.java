package dev.hadal.engine;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Chooses one sequence's next tokens: mask, penalties and bias, temperature, then top-k, top-p and
 * min-p in the order Hugging Face and vLLM apply them. Ties go to the lower id. Owned by the
 * engine's thread.
 */
final class Sampler {
  private final SamplingParams params;
  private final SplittableRandom random;
  private final @Nullable LogitMask mask;
  private final @Nullable TokenCounts counts; // of generated tokens, and 0 for the prompt's
  private float[] weights = new float[64];

  Sampler(SamplingParams params, int[] prompt, @Nullable LogitMask mask) {
    this.params = params;
    this.mask = mask;
    this.random =
        params.seed().isPresent()
            ? new SplittableRandom(params.seed().getAsLong())
            : new SplittableRandom();
    boolean penalties =
        params.repetitionPenalty() != 1
            || params.frequencyPenalty() != 0
            || params.presencePenalty() != 0;
    this.counts = penalties ? new TokenCounts() : null;
    if (counts != null) {
      for (int token : prompt) {
        counts.add(token, 0);
      }
    }
  }

  /** Chooses from logits, which it changes, and remembers the choice. */
  int sample(Logits logits) {
    penalize(logits);
    params.logitBias().forEach((token, bias) -> logits.set(token, logits.get(token) + bias));
    if (mask != null) {
      logits.mask(mask.allowed());
    }
    int best = logits.argmax();
    if (mask != null && logits.get(best) == Float.NEGATIVE_INFINITY) {
      best = first(mask.allowed()); // the model gives no number to what is allowed
    }
    int token = params.temperature() == 0 ? best : draw(logits, best);
    if (counts != null) {
      counts.add(token, 1);
    }
    if (mask != null) {
      mask.accept(token);
    }
    return token;
  }

  private static int first(long[] allowed) {
    int word = 0;
    while (word < allowed.length - 1 && allowed[word] == 0) {
      word++;
    }
    return Long.SIZE * word + Long.numberOfTrailingZeros(allowed[word]) % Long.SIZE;
  }

  private void penalize(Logits logits) {
    if (counts == null) {
      return;
    }
    float repetition = params.repetitionPenalty();
    for (int slot = 0; slot < counts.slots(); slot++) {
      int token = counts.token(slot);
      if (token < 0) {
        continue;
      }
      float logit = logits.get(token);
      logit = logit > 0 ? logit / repetition : logit * repetition;
      if (counts.count(slot) > 0) {
        logit -= params.frequencyPenalty() * counts.count(slot) + params.presencePenalty();
      }
      logits.set(token, logit);
    }
  }

  private int draw(Logits logits, int best) {
    float max = logits.get(best);
    if (max == Float.NEGATIVE_INFINITY) {
      return best;
    }
    float temperature = params.temperature();
    float floor = max - Logits.NEGLIGIBLE * temperature;
    if (params.minP() > 0) {
      floor = Math.max(floor, (float) (max + temperature * Math.log(params.minP())));
    }
    boolean all = params.topK() == 0 || params.topK() >= logits.size();
    int count = all ? logits.collect(floor) : logits.best(params.topK(), floor);
    double total = weigh(logits, count, max);
    if (params.topP() < 1) {
      if (all) {
        // What lies below sums to less than what top-p leaves out: it need not be sorted.
        double least = (1 - params.topP()) * total / count;
        count = logits.prune(count, (float) (max + temperature * Math.log(least)) - 1e-3f);
        logits.sort(count);
        weigh(logits, count, max);
      }
      count = nucleus(count, total);
      total = 0;
      for (int i = 0; i < count; i++) {
        total += weights[i];
      }
    }
    double left = random.nextDouble() * total;
    for (int i = 0; i < count; i++) {
      left -= weights[i];
      if (left < 0) {
        return logits.token(i);
      }
    }
    return count == 0 ? best : logits.token(count - 1);
  }

  /** What each collected token weighs, the likeliest being 1; their sum. */
  private double weigh(Logits logits, int count, float max) {
    if (weights.length < count) {
      weights = new float[Math.max(count, 2 * weights.length)];
    }
    double sum = 0;
    for (int i = 0; i < count; i++) {
      weights[i] = Logits.exp((logits.value(i) - max) / params.temperature());
      sum += weights[i];
    }
    return sum;
  }

  /** How many of the sorted ones top-p keeps of all that top-k left. */
  private int nucleus(int count, double total) {
    double reached = 0;
    for (int i = 0; i < count; i++) {
      reached += weights[i];
      if (reached >= params.topP() * total) {
        return i + 1;
      }
    }
    return count;
  }
}
