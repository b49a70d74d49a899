package dev.hadal.app.server.ollama;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.hadal.app.models.Catalog;
import dev.hadal.format.Checkpoint;
import dev.hadal.format.Config;
import dev.hadal.format.FormatException;
import dev.hadal.model.Architectures;
import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.node.ObjectNode;

/** What lists say of a model: its kind, size and quantisation. Files are looked into once. */
final class Details {
  /** Mixes, by the number that GGUF has for them: no single type names them. */
  private static final Map<Long, String> MIXES =
      Map.of(
          11L, "Q3_K_S", 12L, "Q3_K_M", 13L, "Q3_K_L", 14L, "Q4_K_S", 15L, "Q4_K_M", 16L, "Q5_K_S",
          17L, "Q5_K_M", 18L, "Q6_K");

  private final Map<Catalog.Entry, ObjectNode> known = new ConcurrentHashMap<>();

  /** Of a model that may be closed. */
  ObjectNode of(Catalog.Entry entry) {
    return known.computeIfAbsent(entry, Details::read).deepCopy();
  }

  private static ObjectNode read(Catalog.Entry entry) {
    try (Checkpoint checkpoint = Checkpoint.open(entry.path())) {
      return of(checkpoint);
    } catch (FormatException | IllegalArgumentException | UncheckedIOException e) {
      // A list shows what is there, damaged or not.
      return object("unknown", "", "", "");
    }
  }

  static ObjectNode of(Checkpoint checkpoint) {
    Config config = checkpoint.config();
    return object(
        checkpoint.source().toString().endsWith(".safetensors")
                || checkpoint.source().toFile().isDirectory()
            ? "safetensors"
            : "gguf",
        config.modelType(),
        size(Architectures.count(config).total()),
        quantization(checkpoint));
  }

  private static ObjectNode object(String format, String family, String size, String level) {
    ObjectNode details = Ollama.object().put("parent_model", "");
    details.put("format", format).put("family", family).putArray("families").add(family);
    return details.put("parameter_size", size).put("quantization_level", level);
  }

  private static String size(long parameters) {
    return parameters >= 1_000_000_000L
        ? String.format(Locale.ROOT, "%.1fB", parameters / 1e9)
        : parameters >= 1_000_000
            ? String.format(Locale.ROOT, "%.2fM", parameters / 1e6)
            : String.format(Locale.ROOT, "%.2fK", parameters / 1e3);
  }

  private static String quantization(Checkpoint checkpoint) {
    if (checkpoint.metadata().get("general.file_type") instanceof Long type
        && MIXES.containsKey(type)) {
      return MIXES.getOrDefault(type, "");
    }
    Map<DType, Long> bytes = new EnumMap<>(DType.class);
    for (String name : checkpoint.names()) {
      Tensor tensor = checkpoint.tensor(name);
      bytes.merge(tensor.dtype(), tensor.dtype().bytes(tensor.size()), Long::sum);
    }
    return bytes.entrySet().stream()
        .max(Comparator.comparing(Map.Entry::getValue))
        .map(most -> most.getKey().name())
        .orElse("");
  }

  /**
   * A name for the state of a model's files, which changes when they do: to read gigabytes for each
   * list would take long.
   */
  static String digest(Catalog.Entry entry) {
    String state = entry.path() + " " + entry.bytes() + " " + entry.modified();
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(state.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
