package dev.hadal.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.backend.Backend;
import dev.hadal.backend.Backends;
import dev.hadal.engine.Evaluator;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every architecture says what llama.cpp says of the same random weights, on every back end. */
final class GoldenTest {
  /** The reference keeps its cache in F16. */
  private static final double TOLERANCE = 3e-4;

  static Stream<Arguments> everyVectorOnEveryBackend() {
    return EveryBackend.with(Golden.all());
  }

  @ParameterizedTest
  @MethodSource("everyVectorOnEveryBackend")
  void probabilitiesAreTheReferences(String backend, Golden golden, TestReporter reporter) {
    check(backend, golden, golden.tokens().length, reporter);
  }

  @ParameterizedTest
  @MethodSource("everyVectorOnEveryBackend")
  void soTheyAreTokenByToken(String backend, Golden golden, TestReporter reporter) {
    check(backend, golden, 1, reporter);
  }

  private static void check(String name, Golden golden, int chunk, TestReporter reporter) {
    try (Backend backend = Backends.named(name, EveryBackend.THREADS)) {
      Model model = Architectures.load(golden.checkpoint());
      float[][] logits =
          new Evaluator(model, backend, chunk).logits(golden.tokens(), golden.positions());
      double worst = 0;
      for (int i = 0; i < logits.length; i++) {
        worst =
            Math.max(
                worst,
                Probabilities.maxDifference(
                    golden.probabilities()[i], Evaluator.softmax(logits[i])));
      }
      reporter.publishEntry(golden + " max difference", String.valueOf(worst));
      assertThat(worst).isLessThan(TOLERANCE);
    }
  }
}
