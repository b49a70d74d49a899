package dev.hadal.model;

import dev.hadal.format.Config;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Model shapes by name: configurations of published models, smaller ones of the same families, and
 * tiny ones for tests. With {@link RandomCheckpoint} they measure a machine before anything is
 * downloaded.
 */
public final class Shapes {
  private static final List<String> NAMES =
      List.of(
          "llama-3.2-1b",
          "qwen2.5-0.5b",
          "qwen2.5-1.5b",
          "qwen3-0.6b",
          "qwen3-moe-small",
          "deepseek-v2-lite-small",
          "deepseek-v3-small",
          "tiny-llama",
          "tiny-qwen3-moe",
          "tiny-deepseek-v3");

  private Shapes() {}

  /** Every name, largest purposes first. */
  public static List<String> names() {
    return NAMES;
  }

  /**
   * The configuration of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Config named(String name) {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException(
          "no shape named '%s'; there are %s".formatted(name, String.join(", ", NAMES)));
    }
    try (InputStream json = Shapes.class.getResourceAsStream("shapes/" + name + ".json")) {
      Map<String, Object> values =
          JsonMapper.shared().readValue(json, new TypeReference<Map<String, Object>>() {});
      return Config.of(values, name + ".json");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
