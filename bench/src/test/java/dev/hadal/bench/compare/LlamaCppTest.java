package dev.hadal.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.backend.Backend;
import dev.hadal.backend.Backends;
import dev.hadal.engine.Evaluator;
import dev.hadal.format.Checkpoint;
import dev.hadal.format.Config;
import dev.hadal.format.Progress;
import dev.hadal.format.QuantType;
import dev.hadal.format.Quantizer;
import dev.hadal.model.Architectures;
import dev.hadal.model.RandomCheckpoint;
import dev.hadal.model.Shapes;
import dev.hadal.testing.TestData;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** llama.cpp loads what we write, in every type, and thinks of it what we think. */
@Tag("peers")
final class LlamaCppTest {
  private static final int[] TOKENS = IntStream.range(0, 24).map(i -> 3 + i * 101 % 256).toArray();
  private static final int[] POSITIONS = {0, 9, 23};

  /** Of plain numbers; the same as of the golden vectors. */
  private static final double PROBABILITY = 3e-4;

  /** Of quantised ones: llama.cpp quantises activations as well. */
  private static final double DIVERGENCE = 5e-3;

  private static LlamaCpp llama;
  private static Backend backend;

  @TempDir Path folder;

  @BeforeAll
  static void open() {
    llama = LlamaCpp.start(TestData.root().getParent());
    backend = Backends.best(2);
  }

  @AfterAll
  static void close() {
    llama.close();
    backend.close();
  }

  static Stream<Arguments> everyTypeOfEveryKind() {
    return Stream.of("tiny-llama", "tiny-qwen3-moe", "tiny-deepseek-v3")
        .flatMap(shape -> Arrays.stream(QuantType.values()).map(type -> Arguments.of(shape, type)));
  }

  @ParameterizedTest
  @MethodSource("everyTypeOfEveryKind")
  void loadsWhatWeWriteAndAgrees(String shape, QuantType type, TestReporter reporter) {
    Path file = folder.resolve(shape + "." + type + ".gguf");
    Quantizer.quantize(new RandomCheckpoint(config(shape, type), 5), file, type, Progress.NONE);
    double[][] theirs = llama.probabilities(file, TOKENS, POSITIONS);
    double difference = 0;
    double divergence = 0;
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      float[][] ours =
          new Evaluator(Architectures.load(checkpoint), backend, TOKENS.length)
              .logits(TOKENS, POSITIONS);
      for (int i = 0; i < ours.length; i++) {
        double[] p = Evaluator.softmax(ours[i]);
        difference = Math.max(difference, difference(theirs[i], p));
        divergence = Math.max(divergence, divergence(theirs[i], p));
      }
    }
    reporter.publishEntry(
        shape + " " + type, "difference " + difference + ", divergence " + divergence);
    if (type == QuantType.F32) {
      assertThat(difference).isLessThan(PROBABILITY);
    }
    assertThat(divergence).isLessThan(DIVERGENCE);
  }

  /**
   * The shape; for quantised types with every expert chosen. Rounded activations would otherwise
   * choose another expert here and there, and we would measure that.
   */
  private static Config config(String shape, QuantType type) {
    Config config = Shapes.named(shape);
    if (config.numExperts() == 0 || !type.main().isQuantized()) {
      return config;
    }
    Map<String, Object> values = new LinkedHashMap<>(config.values());
    values.put("num_experts_per_tok", config.numExperts());
    values.put("n_group", 1);
    values.put("topk_group", 1);
    return Config.of(values, config.source());
  }

  private static double difference(double[] p, double[] q) {
    return IntStream.range(0, p.length).mapToDouble(i -> Math.abs(p[i] - q[i])).max().orElse(0);
  }

  private static double divergence(double[] reference, double[] ours) {
    return IntStream.range(0, reference.length)
        .filter(i -> reference[i] > 0)
        .mapToDouble(i -> reference[i] * Math.log(reference[i] / ours[i]))
        .sum();
  }
}
