package dev.hadal.app.cli;

import dev.hadal.backend.KvCache;
import dev.hadal.format.Checkpoint;
import dev.hadal.format.Config;
import dev.hadal.model.Architectures;
import dev.hadal.model.Architectures.ParameterCount;
import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What there is to know about a model without running it.
 *
 * @param activeParameters those that one token meets
 * @param quantisation each type's part of the weights' bytes, the largest first
 * @param memoryTokens the tokens of context that {@code memoryBytes} holds beside the weights
 */
record ModelFacts(
    String name,
    String architecture,
    long parameters,
    long activeParameters,
    int layers,
    int hiddenSize,
    int vocabSize,
    int contextLength,
    Map<String, Double> quantisation,
    boolean chatTemplate,
    long weightsBytes,
    long cacheBytesPerToken,
    int memoryTokens,
    long memoryBytes) {

  /**
   * @param named what the model is called on the command line, for those that have no name
   * @param context tokens to count the memory for; 0 for the model's own context
   */
  static ModelFacts of(Checkpoint checkpoint, String named, int context) {
    Config config = checkpoint.config();
    ParameterCount count = Architectures.count(config);
    int tokens = context > 0 ? context : config.maxPositionEmbeddings();
    long perToken = KvCache.bytesPerToken(Architectures.load(checkpoint).cacheSpec());
    return new ModelFacts(
        checkpoint.metadata().get("general.name") instanceof String name ? name : named,
        config.modelType(),
        count.total(),
        count.active(),
        config.numHiddenLayers(),
        config.hiddenSize(),
        config.vocabSize(),
        config.maxPositionEmbeddings(),
        types(checkpoint),
        !Templates.of(checkpoint).isPlain(),
        checkpoint.totalBytes(),
        perToken,
        tokens,
        checkpoint.totalBytes() + perToken * tokens);
  }

  private static Map<String, Double> types(Checkpoint checkpoint) {
    Map<DType, Long> bytes = new EnumMap<>(DType.class);
    for (String tensorName : checkpoint.names()) {
      Tensor tensor = checkpoint.tensor(tensorName);
      bytes.merge(tensor.dtype(), tensor.dtype().bytes(tensor.size()), Long::sum);
    }
    double all = Math.max(1, bytes.values().stream().mapToLong(Long::longValue).sum());
    Map<String, Double> parts = new LinkedHashMap<>();
    bytes.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .forEach(e -> parts.put(e.getKey().name(), Math.round(e.getValue() / all * 1e4) / 1e4));
    return parts;
  }
}
