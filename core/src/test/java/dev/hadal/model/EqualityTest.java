package dev.hadal.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.backend.Backend;
import dev.hadal.backend.Backends;
import dev.hadal.backend.Batch;
import dev.hadal.engine.Evaluator;
import dev.hadal.ops.Ops;
import dev.hadal.tensor.Scratch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same text gives the same probabilities whichever way it is computed, for every family on
 * every back end. What passes through the cache is rounded to F16 on the way.
 */
final class EqualityTest {
  /** Of a probability; rounding keys and values to F16 moves them by about a tenth of this. */
  private static final double THROUGH_THE_CACHE = 3e-4;

  private static final double SAME_ARITHMETIC = 2e-5;

  static Stream<Arguments> everyFamilyOnEveryBackend() {
    return EveryBackend.with(Golden.all());
  }

  @ParameterizedTest
  @MethodSource("everyFamilyOnEveryBackend")
  void cachedEqualsFull(String backend, Golden family) {
    Model model = Architectures.load(family.checkpoint());
    assertClose(
        cached(model, backend, family.tokens(), family.tokens().length),
        full(model, backend, Batch.of(family.tokens())),
        THROUGH_THE_CACHE);
  }

  @ParameterizedTest
  @MethodSource("everyFamilyOnEveryBackend")
  void chunkedEqualsWhole(String backend, Golden family) {
    Model model = Architectures.load(family.checkpoint());
    assertClose(
        cached(model, backend, family.tokens(), 7),
        cached(model, backend, family.tokens(), family.tokens().length),
        THROUGH_THE_CACHE);
  }

  /** For latent attention: the absorbed form equals the decompressed one. */
  @ParameterizedTest
  @MethodSource("everyFamilyOnEveryBackend")
  void tokenByTokenEqualsWhole(String backend, Golden family) {
    Model model = Architectures.load(family.checkpoint());
    assertClose(
        cached(model, backend, family.tokens(), 1),
        cached(model, backend, family.tokens(), family.tokens().length),
        THROUGH_THE_CACHE);
  }

  @ParameterizedTest
  @MethodSource("everyFamilyOnEveryBackend")
  void packedEqualsSeparate(String backend, Golden family) {
    Model model = Architectures.load(family.checkpoint());
    int[] tokens = family.tokens();
    List<int[]> texts =
        List.of(
            Arrays.copyOfRange(tokens, 0, 5),
            Arrays.copyOfRange(tokens, 5, 6),
            Arrays.copyOfRange(tokens, 6, tokens.length));
    List<double[]> separate = new ArrayList<>();
    for (int[] text : texts) {
      separate.addAll(Arrays.asList(full(model, backend, Batch.of(text))));
    }
    assertClose(
        full(model, backend, Batch.packed(texts)),
        separate.toArray(double[][]::new),
        SAME_ARITHMETIC);
  }

  private static double[][] cached(Model model, String backendName, int[] tokens, int chunk) {
    int[] everywhere = IntStream.range(0, tokens.length).toArray();
    try (Backend backend = Backends.named(backendName, EveryBackend.THREADS)) {
      return probabilities(new Evaluator(model, backend, chunk).logits(tokens, everywhere));
    }
  }

  private static double[][] full(Model model, String backendName, Batch batch) {
    try (Backend backend = Backends.named(backendName, EveryBackend.THREADS);
        Scratch scratch = new Scratch()) {
      float[] logits = model.forward(new Ops(backend.kernels(), scratch), batch).toFloats();
      int vocabulary = logits.length / batch.size();
      float[][] rows = new float[batch.size()][];
      Arrays.setAll(rows, r -> Arrays.copyOfRange(logits, r * vocabulary, (r + 1) * vocabulary));
      return probabilities(rows);
    }
  }

  private static double[][] probabilities(float[][] logits) {
    return Arrays.stream(logits).map(Evaluator::softmax).toArray(double[][]::new);
  }

  private static void assertClose(double[][] actual, double[][] expected, double tolerance) {
    assertThat(actual).hasSameDimensionsAs(expected);
    for (int row = 0; row < expected.length; row++) {
      assertThat(Probabilities.maxDifference(actual[row], expected[row]))
          .as("row %d", row)
          .isLessThan(tolerance);
    }
  }
}
