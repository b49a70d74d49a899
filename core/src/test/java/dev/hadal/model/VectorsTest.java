package dev.hadal.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.backend.Backend;
import dev.hadal.backend.Backends;
import dev.hadal.engine.Evaluator;
import dev.hadal.format.Checkpoint;
import dev.hadal.format.Progress;
import dev.hadal.format.SafetensorsExport;
import dev.hadal.tensor.DType;
import dev.hadal.testing.Conformance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The kit's model files say what the reference says of them, on every back end. */
@Tag("conformance")
final class VectorsTest {
  /** The reference keeps its cache in F16. */
  private static final double PROBABILITY = 3e-4;

  /** The reference multiplies quantised rows by quantised activations, which we need not. */
  private static final double DIVERGENCE = 5e-3;

  static Stream<Arguments> logits() throws IOException {
    return EveryBackend.with(vectors("vectors/logits"));
  }

  static Stream<Arguments> quants() throws IOException {
    return EveryBackend.with(vectors("vectors/quants"));
  }

  @ParameterizedTest
  @MethodSource("logits")
  void probabilitiesAreTheReferences(String backend, Path vector, TestReporter reporter) {
    double difference = worst(backend, vector, Probabilities::maxDifference);
    reporter.publishEntry(vector.getFileName() + " max difference", String.valueOf(difference));
    assertThat(difference).isLessThan(PROBABILITY);
  }

  @ParameterizedTest
  @MethodSource("quants")
  void quantisedRowsDivergeLittle(String backend, Path vector, TestReporter reporter) {
    double divergence = worst(backend, vector, Probabilities::divergence);
    reporter.publishEntry(vector.getFileName() + " divergence", String.valueOf(divergence));
    assertThat(divergence).isLessThan(DIVERGENCE);
  }

  @ParameterizedTest
  @MethodSource("logits")
  void probabilitiesSurviveACopyInSafetensors(
      String backend, Path vector, @TempDir Path folder, TestReporter reporter) {
    try (Checkpoint original = Checkpoint.open(model(vector))) {
      SafetensorsExport.write(original, folder, DType.F32, Progress.NONE);
    }
    double difference = worst(backend, vector, folder, Probabilities::maxDifference);
    reporter.publishEntry(vector.getFileName() + " max difference", String.valueOf(difference));
    assertThat(difference).isLessThan(PROBABILITY);
  }

  private static double worst(
      String backend, Path vector, ToDoubleBiFunction<double[], double[]> distance) {
    return worst(backend, vector, model(vector), distance);
  }

  /** The largest distance of all positions; distance takes the reference's first, then ours. */
  private static double worst(
      String backendName, Path vector, Path file, ToDoubleBiFunction<double[], double[]> distance) {
    JsonMapper mapper = JsonMapper.shared();
    JsonNode json = mapper.readTree(vector);
    JsonNode expected = json.required("next_token_probabilities");
    int[] positions = expected.propertyNames().stream().mapToInt(Integer::parseInt).toArray();
    int[] tokens = mapper.convertValue(json.required("tokens"), int[].class);
    try (Backend backend = Backends.named(backendName, EveryBackend.THREADS);
        Checkpoint checkpoint = Checkpoint.open(file)) {
      Model model = Architectures.load(checkpoint);
      float[][] logits = new Evaluator(model, backend, tokens.length).logits(tokens, positions);
      double worst = 0;
      for (int i = 0; i < positions.length; i++) {
        double[] reference =
            mapper.convertValue(expected.required(String.valueOf(positions[i])), double[].class);
        worst = Math.max(worst, distance.applyAsDouble(reference, Evaluator.softmax(logits[i])));
      }
      return worst;
    }
  }

  private static Path model(Path vector) {
    JsonNode json = JsonMapper.shared().readTree(vector);
    return vector.resolveSibling(json.required("model").asString());
  }

  private static List<Path> vectors(String folder) throws IOException {
    try (Stream<Path> files = Files.list(Conformance.file(folder))) {
      return files
          .filter(f -> f.toString().endsWith(".json") && !f.toString().endsWith(".dequant.json"))
          .sorted()
          .toList();
    }
  }
}
