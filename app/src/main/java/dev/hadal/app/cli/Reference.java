package dev.hadal.app.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What another engine computed: a text and its next-token probabilities after some positions.
 *
 * @param model the model's file, beside the vector's; or null
 * @param config with {@code seed}, the configuration of a model of random weights; or null
 * @param positions in rising order
 * @param probabilities one row for each of {@code positions}
 */
record Reference(
    @Nullable String model,
    @Nullable Map<String, Object> config,
    @Nullable Long seed,
    int[] tokens,
    int[] positions,
    List<double[]> probabilities) {

  /**
   * Reads a vector.
   *
   * @throws IllegalArgumentException if the file is none
   */
  static Reference read(Io io, String file) throws IOException {
    Map<String, Object> json = Inputs.json(io, file);
    double[] tokens = numbers(file, "tokens", json.get("tokens"));
    if (!(json.get("next_token_probabilities") instanceof Map<?, ?> rows) || rows.isEmpty()) {
      throw wrong(file, "'next_token_probabilities' is expected, an object of positions");
    }
    TreeMap<Integer, double[]> sorted = new TreeMap<>();
    rows.forEach((position, row) ->
        sorted.put(
            position(file, String.valueOf(position), tokens.length),
            numbers(file, "next_token_probabilities." + position, row)));
    int[] ids = new int[tokens.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = (int) tokens[i];
    }
    return new Reference(
        json.get("model") instanceof String model ? model : null,
        object(json.get("config")),
        json.get("seed") instanceof Number seed ? seed.longValue() : null,
        ids,
        sorted.keySet().stream().mapToInt(Integer::intValue).toArray(),
        new ArrayList<>(sorted.values()));
  }

  private static int position(String file, String key, int tokens) {
    try {
      int position = Integer.parseInt(key);
      if (position >= 0 && position < tokens) {
        return position;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw wrong(file, "position '" + key + "' is not one of the text's " + tokens + " tokens");
  }

  private static double[] numbers(String file, String key, @Nullable Object value) {
    if (value instanceof List<?> list
        && !list.isEmpty()
        && list.stream().allMatch(Number.class::isInstance)) {
      return list.stream().mapToDouble(n -> ((Number) n).doubleValue()).toArray();
    }
    throw wrong(file, "'" + key + "' is expected, an array of numbers");
  }

  private static @Nullable Map<String, Object> object(@Nullable Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      return null;
    }
    Map<String, Object> object = new TreeMap<>();
    map.forEach((key, entry) -> object.put(String.valueOf(key), entry));
    return object;
  }

  private static IllegalArgumentException wrong(String file, String what) {
    return new IllegalArgumentException(file + ": " + what + "; 'hadal verify --help' shows one");
  }
}
