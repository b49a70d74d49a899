package dev.hadal.engine;

import dev.hadal.format.Checkpoint;
import dev.hadal.format.Config;
import dev.hadal.model.RandomCheckpoint;
import dev.hadal.model.Shapes;
import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Random weights of a small DeepSeek-V3 that brings a layer to guess with: the last one, again. */
final class WithNextToken implements Checkpoint {
  private static final String LAYER = "model.layers.3.";

  private final Config config = withLayer();
  private final Checkpoint random = new RandomCheckpoint(Shapes.named("tiny-deepseek-v3"), 3);

  private static Config withLayer() {
    try (InputStream json = Shapes.class.getResourceAsStream("shapes/tiny-deepseek-v3.json")) {
      Map<String, Object> values =
          new LinkedHashMap<>(
              JsonMapper.shared().readValue(json, new TypeReference<Map<String, Object>>() {}));
      values.put("num_nextn_predict_layers", 1);
      return Config.of(values, "with-next-token.json");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Config config() {
    return config;
  }

  @Override
  public boolean has(String name) {
    return name.equals(LAYER + "eh_proj.weight") || random.has(source(name));
  }

  /** Where a tensor of the layer is taken from. */
  private static String source(String name) {
    if (!name.startsWith(LAYER)) {
      return name;
    }
    String own = name.substring(LAYER.length());
    boolean norm = own.startsWith("enorm") || own.startsWith("hnorm") || own.contains("_head.norm");
    return norm ? "model.norm.weight" : "model.layers.2." + own;
  }

  @Override
  public Tensor tensor(String name) {
    if (!name.equals(LAYER + "eh_proj.weight")) {
      return random.tensor(source(name));
    }
    int hidden = config.hiddenSize();
    Random noise = new Random(5);
    Tensor weight = Tensor.allocate(Arena.ofAuto(), DType.F32, hidden, 2 * hidden);
    for (int i = 0; i < weight.size(); i++) {
      weight.set(i, (float) (noise.nextGaussian() / Math.sqrt(2.0 * hidden)));
    }
    return weight;
  }

  @Override
  public Set<String> names() {
    return random.names();
  }

  @Override
  public boolean isMapped() {
    return false;
  }

  @Override
  public Map<String, Object> metadata() {
    return random.metadata();
  }

  @Override
  public Path source() {
    return random.source();
  }

  @Override
  public long totalBytes() {
    return random.totalBytes();
  }

  @Override
  public void close() {}
}
