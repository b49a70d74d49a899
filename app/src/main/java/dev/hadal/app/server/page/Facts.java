package dev.hadal.app.server.page;

import dev.hadal.app.models.Catalog;
import dev.hadal.format.Checkpoint;
import dev.hadal.model.Architectures;
import dev.hadal.tensor.DType;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a model's file says of itself; nulls where it says nothing or cannot be read.
 *
 * @param quantization the type that most of its bytes have
 */
record Facts(
    String label,
    @Nullable String architecture,
    @Nullable Long parameters,
    @Nullable String quantization,
    @Nullable Integer contextLength,
    boolean thinking) {

  static Facts of(Catalog.Entry entry) {
    try (Checkpoint checkpoint = Checkpoint.open(entry.path())) {
      var config = checkpoint.config();
      return new Facts(
          checkpoint.metadata().get("general.name") instanceof String name && !name.isBlank()
              ? name
              : shortened(entry.name()),
          config.modelType(),
          Architectures.count(config).total(),
          type(checkpoint),
          config.maxPositionEmbeddings(),
          thinks(checkpoint.metadata()));
    } catch (RuntimeException e) {
      return new Facts(shortened(entry.name()), null, null, null, null, false);
    }
  }

  /** The last part of a name. */
  private static String shortened(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  private static @Nullable String type(Checkpoint checkpoint) {
    Map<DType, Long> bytes = new EnumMap<>(DType.class);
    for (String name : checkpoint.names()) {
      var tensor = checkpoint.tensor(name);
      bytes.merge(tensor.dtype(), tensor.dtype().bytes(tensor.size()), Long::sum);
    }
    return bytes.entrySet().stream()
        .max(Comparator.comparingLong(Map.Entry::getValue))
        .map(most -> most.getKey().name())
        .orElse(null);
  }

  /** Whether its template speaks of thinking; it is not run for this. */
  private static boolean thinks(Map<String, Object> metadata) {
    return metadata.entrySet().stream()
        .filter(e -> e.getKey().contains("chat_template") || e.getKey().equals("tokenizer_config"))
        .map(e -> e.getValue().toString())
        .anyMatch(template -> template.contains("<think>") || template.contains("enable_thinking"));
  }
}
