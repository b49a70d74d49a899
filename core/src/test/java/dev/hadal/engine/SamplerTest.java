package dev.hadal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hadal.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SamplerTest {
  private static final SamplingParams PLAIN =
      SamplingParams.defaults().withTemperature(1).withTopK(0).withTopP(1).withSeed(7);

  /** How often each of the tokens with these probabilities is drawn. */
  private static double[] frequencies(SamplingParams params, double... probabilities) {
    float[] logits = new float[probabilities.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) Math.log(probabilities[i]);
    }
    Tensor logits_1V = Tensor.of(logits, 1, logits.length);
    Sampler sampler = new Sampler(params, new int[0], null);
    double[] counts = new double[logits.length];
    int draws = 20_000;
    for (int i = 0; i < draws; i++) {
      counts[sample(sampler, logits_1V)] += 1.0 / draws;
    }
    return counts;
  }

  private static int once(SamplingParams params, int[] prompt, float... logits) {
    return sample(new Sampler(params, prompt, null), Tensor.of(logits, 1, logits.length));
  }

  private static int sample(Sampler sampler, Tensor logits_1V) {
    Logits logits = new Logits();
    logits.load(logits_1V, 0);
    return sampler.sample(logits);
  }

  @Test
  void drawsByProbability() {
    assertThat(frequencies(PLAIN, 0.5, 0.2, 0.3))
        .containsExactly(new double[] {0.5, 0.2, 0.3}, within(0.02));
  }

  @Test
  void temperatureSharpens() {
    assertThat(frequencies(PLAIN.withTemperature(0.5f), 0.6, 0.4))
        .containsExactly(new double[] {0.36 / 0.52, 0.16 / 0.52}, within(0.02));
  }

  @Test
  void topKKeepsTheLikeliest() {
    assertThat(frequencies(PLAIN.withTopK(2), 0.2, 0.5, 0.3))
        .containsExactly(new double[] {0, 0.625, 0.375}, within(0.02));
  }

  @Test
  void topPKeepsTheNucleusAndTheTokenThatCompletesIt() {
    assertThat(frequencies(PLAIN.withTopP(0.6f), 0.2, 0.5, 0.3))
        .containsExactly(new double[] {0, 0.625, 0.375}, within(0.02));
  }

  @Test
  void topPLooksAtWhatTopKLeft() {
    // Of 0.5 and 0.3 alone the first is 0.625 of the mass: the nucleus of 0.6 is that one.
    assertThat(frequencies(PLAIN.withTopK(2).withTopP(0.6f), 0.2, 0.5, 0.3)[1])
        .isEqualTo(1, within(1e-6));
  }

  @Test
  void minPDropsWhatIsFarBelowTheLikeliest() {
    assertThat(frequencies(PLAIN.withMinP(0.5f), 0.2, 0.5, 0.3))
        .containsExactly(new double[] {0, 0.625, 0.375}, within(0.02));
  }

  @Test
  void zeroTemperatureTakesTheLikeliestAndTiesGoToTheLowerId() {
    assertThat(once(SamplingParams.greedy(), new int[0], 1, 3, 3)).isEqualTo(1);
  }

  @Test
  void repetitionPenaltyCoversThePrompt() {
    SamplingParams params = SamplingParams.greedy().withPenalties(2, 0, 0);
    assertThat(once(params, new int[] {0}, 4, 3)).isEqualTo(1);
    assertThat(once(params, new int[] {0}, -1, -1.5f)).isEqualTo(1);
  }

  @Test
  void frequencyAndPresencePenaltiesCountWhatWasGenerated() {
    Sampler sampler =
        new Sampler(SamplingParams.greedy().withPenalties(1, 0.5f, 0.2f), new int[] {0}, null);
    Tensor logits = Tensor.of(new float[] {1, 0}, 1, 2);
    assertThat(sample(sampler, logits)).isEqualTo(0); // the prompt does not count
    assertThat(sample(sampler, logits)).isEqualTo(0); // 1 - 0.7
    assertThat(sample(sampler, logits)).isEqualTo(1); // 1 - 1.2
  }

  @Test
  void logitBiasForbidsAndForces() {
    assertThat(once(SamplingParams.greedy().withLogitBias(Map.of(0, -100f)), new int[0], 4, 3))
        .isEqualTo(1);
  }

  @Test
  void aSeedRepeatsTheChoice() {
    double[] first = frequencies(PLAIN.withSeed(3), 0.5, 0.5);
    assertThat(frequencies(PLAIN.withSeed(3), 0.5, 0.5)).containsExactly(first);
  }

  @Test
  void parametersOutOfRangeAreRefusedByName() {
    assertThatThrownBy(() -> PLAIN.withTopP(0)).hasMessageContaining("top_p is 0.0");
    assertThatThrownBy(() -> PLAIN.withTemperature(-1)).hasMessageContaining("temperature is -1.0");
  }

  @Test
  void aGenerationConfigSetsTheDefaults() {
    SamplingParams params =
        SamplingParams.defaults().with(Map.of("temperature", 0.6, "top_k", 20, "do_sample", true));
    assertThat(params.temperature()).isEqualTo(0.6f);
    assertThat(params.topK()).isEqualTo(20);
    assertThat(SamplingParams.defaults().with(Map.of("do_sample", false)).temperature()).isZero();
  }
}
