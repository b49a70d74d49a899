package dev.hadal.format;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Which safetensors files make up a model, and which tensor lies in which.
 *
 * @param folder where config.json and the tokenizer lie
 * @param shards the files, by name
 * @param shardOf each tensor's file, from the index; empty for a single file
 */
record SafetensorsFolder(Path folder, Map<String, Path> shards, Map<String, String> shardOf) {
  private static final String INDEX = "model.safetensors.index.json";

  static SafetensorsFolder of(Path path) {
    if (Files.isDirectory(path)) {
      return ofFolder(path);
    }
    Path absolute = path.toAbsolutePath();
    Path folder = absolute.getParent() == null ? absolute : absolute.getParent();
    if (Files.exists(folder.resolve(INDEX))) {
      SafetensorsFolder whole = ofIndex(folder);
      if (whole.shards.containsKey(Json.fileName(path))) {
        return whole;
      }
    }
    return single(folder, path);
  }

  long totalBytes() {
    try {
      long total = 0;
      for (Path shard : shards.values()) {
        total += Files.size(shard);
      }
      return total;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SafetensorsFolder ofFolder(Path folder) {
    if (Files.exists(folder.resolve(INDEX))) {
      return ofIndex(folder);
    }
    Path usual = folder.resolve("model.safetensors");
    if (Files.exists(usual)) {
      return single(folder, usual);
    }
    List<Path> found = withEnding(folder, ".safetensors");
    if (found.size() == 1) {
      return single(folder, found.get(0));
    }
    throw new IllegalArgumentException(
        folder
            + (found.isEmpty()
                ? " has no safetensors file; a model folder has model.safetensors, or its parts and"
                    + " "
                    + INDEX
                : " has several safetensors files and no " + INDEX + "; name one of them"));
  }

  /** The files of a folder with an ending, in order. */
  static List<Path> withEnding(Path folder, String ending) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(ending)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SafetensorsFolder single(Path folder, Path file) {
    return new SafetensorsFolder(folder, Map.of(Json.fileName(file), file), Map.of());
  }

  private static SafetensorsFolder ofIndex(Path folder) {
    if (!(Json.read(folder.resolve(INDEX)).get("weight_map") instanceof Map<?, ?> map)) {
      throw new FormatException(INDEX, -1, "there is no weight_map that says where tensors lie");
    }
    Map<String, Path> shards = new LinkedHashMap<>();
    Map<String, String> shardOf = new LinkedHashMap<>();
    List<String> missing = new ArrayList<>();
    map.forEach((tensor, shard) -> {
      String name = String.valueOf(shard);
      if (!shards.containsKey(name)) {
        shards.put(name, shard(folder, name));
        if (!Files.exists(shards.get(name))) {
          missing.add(name);
        }
      }
      shardOf.put(String.valueOf(tensor), name);
    });
    if (!missing.isEmpty()) {
      throw new FormatException(
          INDEX,
          -1,
          "%d of %d files are not in the folder, among them '%s'; download them"
              .formatted(missing.size(), shards.size(), missing.get(0)));
    }
    return new SafetensorsFolder(folder, shards, shardOf);
  }

  private static Path shard(Path folder, String name) {
    // An index must not reach out of its folder.
    if (name.contains("/") || name.contains("\\") || name.contains("\0") || name.startsWith(".")) {
      throw new FormatException(INDEX, -1, "'" + name + "' is no file of the model's own folder");
    }
    return folder.resolve(name);
  }
}
