package dev.hadal.backend.jit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hadal.backend.Backend;
import dev.hadal.backend.Backends;
import dev.hadal.engine.Evaluator;
import dev.hadal.format.Checkpoint;
import dev.hadal.format.Progress;
import dev.hadal.format.QuantType;
import dev.hadal.format.Quantizer;
import dev.hadal.model.Architectures;
import dev.hadal.model.Model;
import dev.hadal.testing.Conformance;
import dev.hadal.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What rounded activations do to trained models: little, and the same whatever the batch. */
@Tag("conformance")
final class QualityTest {
  /** In nats, the mean over a text's positions. */
  private static final double DIVERGENCE = 2e-3;

  @TempDir private Path folder;

  @BeforeEach
  void onlyWhereItCanRun() {
    assumeTrue(new JitProvider().unavailable().isEmpty(), "machine code can run here");
  }

  @ParameterizedTest
  @CsvSource({
    "stories260k, Q8_0",
    "stories260k, Q4_0",
    "babyllama-105, Q8_0",
    "babyllama-105, Q4_0",
  })
  void trainedModelsThinkTheSame(String name, QuantType type, TestReporter reporter)
      throws IOException {
    try (Checkpoint checkpoint = quantised(name, type)) {
      int[] tokens = text(checkpoint);
      Model model = Architectures.load(checkpoint);
      double[][] expected;
      try (Backend exact = Backends.named("reference")) {
        expected = probabilities(model, exact, tokens, tokens.length);
      }
      double[][] whole;
      double[][] chunked;
      double[][] single;
      try (Backend jit = new JitProvider().open(2)) {
        whole = probabilities(model, jit, tokens, tokens.length);
        chunked = probabilities(model, jit, tokens, 7);
        single = probabilities(model, jit, tokens, 1);
      }
      double sum = 0;
      for (int i = 0; i < tokens.length; i++) {
        sum += divergence(expected[i], whole[i]);
        assertThat(best(chunked[i])).as("token %d, in chunks", i).isEqualTo(best(whole[i]));
        assertThat(best(single[i])).as("token %d, one by one", i).isEqualTo(best(whole[i]));
      }
      double mean = sum / tokens.length;
      reporter.publishEntry(name + " " + type + " divergence", String.valueOf(mean));
      assertThat(mean).isLessThan(DIVERGENCE);
    }
  }

  private Checkpoint quantised(String name, QuantType type) {
    Path file = folder.resolve(name + ".gguf");
    try (Checkpoint original = Checkpoint.open(Conformance.file("models/" + name + ".gguf"))) {
      Quantizer.quantize(original, file, type, Progress.NONE);
    }
    return Checkpoint.open(file);
  }

  private static int[] text(Checkpoint checkpoint) throws IOException {
    String story = Files.readString(Conformance.file("models/stories260k.greedy200.txt"));
    int[] tokens = Tokenizers.of(checkpoint).encode(story);
    return Arrays.copyOf(tokens, Math.min(tokens.length, 200));
  }

  private static double[][] probabilities(Model model, Backend backend, int[] tokens, int chunk) {
    int[] positions = IntStream.range(0, tokens.length).toArray();
    return Arrays.stream(new Evaluator(model, backend, chunk).logits(tokens, positions))
        .map(Evaluator::softmax)
        .toArray(double[][]::new);
  }

  private static double divergence(double[] reference, double[] ours) {
    return IntStream.range(0, reference.length)
        .mapToDouble(i -> reference[i] * Math.log(reference[i] / ours[i]))
        .sum();
  }

  private static int best(double[] probabilities) {
    return IntStream.range(0, probabilities.length)
        .reduce((a, b) -> probabilities[b] > probabilities[a] ? b : a)
        .orElseThrow();
  }
}
