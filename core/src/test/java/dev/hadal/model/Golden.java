package dev.hadal.model;

import dev.hadal.format.Config;
import dev.hadal.testing.TestData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A golden vector: a configuration and a seed, from which the weights are made again, a text, and
 * what the reference thinks comes next after some of its tokens.
 *
 * @param positions places in the text
 * @param probabilities of every token, one row for each of the positions
 */
record Golden(
    String name,
    RandomCheckpoint checkpoint,
    int[] tokens,
    int[] positions,
    double[][] probabilities) {
  /** All of them, by name. */
  static List<Golden> all() {
    try (Stream<Path> files = Files.list(TestData.path("golden"))) {
      return files.filter(f -> f.toString().endsWith(".json")).sorted().map(Golden::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Golden read(Path file) {
    JsonMapper mapper = JsonMapper.shared();
    JsonNode json = mapper.readTree(file);
    Map<?, ?> values = mapper.convertValue(json.required("config"), Map.class);
    Config config = Config.of(named(values), file.getFileName().toString());
    JsonNode rows = json.required("next_token_probabilities");
    int[] positions = rows.propertyNames().stream().mapToInt(Integer::parseInt).toArray();
    double[][] probabilities = new double[positions.length][];
    for (int i = 0; i < positions.length; i++) {
      JsonNode row = rows.required(String.valueOf(positions[i]));
      probabilities[i] = mapper.convertValue(row, double[].class);
    }
    return new Golden(
        file.getFileName().toString().replace(".json", ""),
        new RandomCheckpoint(config, json.required("seed").asLong()),
        mapper.convertValue(json.required("tokens"), int[].class),
        positions,
        probabilities);
  }

  private static Map<String, Object> named(Map<?, ?> values) {
    Map<String, Object> named = new LinkedHashMap<>();
    values.forEach((key, value) -> named.put(String.valueOf(key), value));
    return named;
  }

  @Override
  public String toString() {
    return name;
  }
}
