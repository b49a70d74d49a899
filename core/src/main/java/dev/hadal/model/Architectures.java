package dev.hadal.model;

import dev.hadal.format.Checkpoint;
import dev.hadal.format.Config;
import dev.hadal.format.FormatException;
import dev.hadal.nn.Weights;
import java.util.Map;
import java.util.TreeMap;

/** Every architecture Hadal runs, by the {@code model_type} of its configuration: one line each. */
public final class Architectures {
  private static final Map<String, Architecture> ALL =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("llama", Llama::create),
              Map.entry("mistral", Llama::create),
              Map.entry("mixtral", Llama::create),
              Map.entry("qwen2", Qwen2::create),
              Map.entry("qwen3", Qwen3::create),
              Map.entry("qwen2_moe", QwenMoe::createQwen2),
              Map.entry("qwen3_moe", QwenMoe::createQwen3),
              Map.entry("deepseek", DeepSeekMoe::create),
              Map.entry("deepseek_v2", DeepSeek::new),
              Map.entry("deepseek_v3", DeepSeek::new),
              Map.entry("kimi_k2", DeepSeek::new)));

  private Architectures() {}

  /**
   * The model in a checkpoint.
   *
   * @throws FormatException if the architecture is unknown, or tensors are missing or misshapen
   */
  public static Model load(Checkpoint checkpoint) {
    return create(checkpoint.config(), Weights.of(checkpoint));
  }

  /** A model of a configuration over given weights. */
  public static Model create(Config config, Weights weights) {
    Architecture architecture = ALL.get(config.modelType());
    if (architecture == null) {
      throw new FormatException(
          config.source(),
          -1,
          "the architecture is '%s'; this version runs %s"
              .formatted(config.modelType(), String.join(", ", ALL.keySet())));
    }
    return architecture.create(config, weights);
  }

  /** Parameters of a configuration, counted by name and shape, without weights. */
  public static ParameterCount count(Config config) {
    Weights shapes = Weights.shapes();
    create(config, shapes);
    long total = shapes.parameterCount();
    long experts =
        shapes.parameters().entrySet().stream()
            .filter(e -> e.getKey().contains(".mlp.experts."))
            .mapToLong(e -> e.getValue().size())
            .sum();
    long idle =
        experts == 0
            ? 0
            : experts / config.numExperts() * (config.numExperts() - config.numExpertsPerTok());
    return new ParameterCount(total, total - idle);
  }

  /**
   * @param total all parameters
   * @param active those that one token meets
   */
  public record ParameterCount(long total, long active) {}
}
