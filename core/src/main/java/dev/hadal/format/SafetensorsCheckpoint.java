package dev.hadal.format;

import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;
import dev.hadal.tensor.quant.Dequant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A folder as Hugging Face ships them. Files are mapped when a tensor of theirs is first asked for.
 *
 * <p>FP8 matrices get their {@code weight_scale_inv} as {@link Tensor#blockScale()}; the scales are
 * not listed as tensors of their own.
 */
final class SafetensorsCheckpoint implements Checkpoint {
  private static final String SCALE = "_scale_inv";

  private final Path source;
  private final SafetensorsFolder folder;
  private final MappedFiles mapped = new MappedFiles();
  private final Map<String, SafetensorsFile> open = new LinkedHashMap<>(); // guarded by this
  private final Map<String, String> ownNames = new LinkedHashMap<>(); // uniform name -> the file's
  private @Nullable Config config; // guarded by this
  private @Nullable Map<String, Object> metadata; // guarded by this

  private SafetensorsCheckpoint(Path source, SafetensorsFolder folder) {
    this.source = source;
    this.folder = folder;
  }

  static Checkpoint open(Path path) {
    if (Files.isDirectory(path)
        && SafetensorsFolder.withEnding(path, ".safetensors").isEmpty()
        && !SafetensorsFolder.withEnding(path, ".gguf").isEmpty()) {
      return GgufCheckpoint.open(onlyGguf(path));
    }
    SafetensorsCheckpoint checkpoint = new SafetensorsCheckpoint(path, SafetensorsFolder.of(path));
    try {
      checkpoint.nameTensors();
      return checkpoint;
    } catch (RuntimeException e) {
      checkpoint.close();
      throw e;
    }
  }

  private static Path onlyGguf(Path folder) {
    List<Path> found = SafetensorsFolder.withEnding(folder, ".gguf");
    boolean oneSet =
        found.stream().allMatch(f -> f.toString().matches(".*-\\d{5}-of-\\d{5}\\.gguf"));
    if (found.size() > 1 && !oneSet) {
      throw new IllegalArgumentException(
          folder + " has " + found.size() + " GGUF files; name the one to open");
    }
    return found.get(0);
  }

  private void nameTensors() {
    Set<String> own = new LinkedHashSet<>();
    if (folder.shardOf().isEmpty()) {
      for (String shard : folder.shards().keySet()) {
        own.addAll(shard(shard).tensors().keySet());
      }
    } else {
      own.addAll(folder.shardOf().keySet());
    }
    for (String name : own) {
      if (!name.endsWith(SCALE)) {
        ownNames.put(GgufNames.normalised(name), name);
      }
    }
  }

  private synchronized SafetensorsFile shard(String name) {
    SafetensorsFile file = open.get(name);
    if (file == null) {
      Path path = folder.shards().get(name);
      if (path == null) {
        throw new FormatException(name, -1, "the index names this file, the folder does not");
      }
      file = SafetensorsFile.read(mapped.map(path), name);
      open.put(name, file);
    }
    return file;
  }

  @Override
  public synchronized Config config() {
    if (config == null) {
      Path json = folder.folder().resolve("config.json");
      if (!Files.exists(json)) {
        throw new FormatException(
            Json.fileName(source),
            -1,
            "there is no config.json beside the tensors; download it from the model's page");
      }
      config = Config.of(completed(Json.read(json)), "config.json");
    }
    return config;
  }

  private Map<String, Object> completed(Map<String, Object> json) {
    Map<String, Object> values = new LinkedHashMap<>(json);
    if (values.get("quantization_config") instanceof Map<?, ?> quantization) {
      checkQuantization(quantization);
    }
    if (!values.containsKey("tie_word_embeddings")) {
      values.put("tie_word_embeddings", !ownNames.containsKey("lm_head.weight"));
    }
    return values;
  }

  private static void checkQuantization(Map<?, ?> quantization) {
    boolean known =
        "fp8".equals(quantization.get("quant_method"))
            && (quantization.get("weight_block_size") instanceof List<?> block)
            && block.equals(List.of(Dequant.SCALE_BLOCK, Dequant.SCALE_BLOCK));
    if (!known) {
      throw new FormatException(
          "config.json",
          -1,
          "the tensors are quantised as %s with weight_block_size %s; FP8 in blocks of 128 x 128 is read: get the model unquantised, or as GGUF"
              .formatted(quantization.get("quant_method"), quantization.get("weight_block_size")));
    }
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(ownNames.keySet());
  }

  @Override
  public boolean has(String name) {
    return ownNames.containsKey(name);
  }

  @Override
  public Tensor tensor(String name) {
    String own = ownNames.get(name);
    if (own == null) {
      throw Missing.tensor(Json.fileName(source), name, ownNames.keySet());
    }
    Tensor tensor = own(own);
    String scaleName = own + SCALE;
    if (tensor.dtype() != DType.F8_E4M3 || tensor.rank() != 2 || !hasOwn(scaleName)) {
      return tensor;
    }
    Tensor scale = own(scaleName);
    int[] expected = Dequant.scaleShape(tensor.dim(0), tensor.dim(1));
    if (expected == null || !scale.hasShape(expected) || scale.dtype() == DType.I32) {
      throw new FormatException(
          shardOf(scaleName),
          -1,
          "the scales '%s' are %s, %s are expected for the %s they belong to"
              .formatted(scaleName, scale, Arrays.toString(expected), tensor));
    }
    return Tensor.of(tensor.dtype(), tensor.data(), scale, tensor.dim(0), tensor.dim(1));
  }

  private boolean hasOwn(String name) {
    return folder.shardOf().isEmpty()
        ? shard(shardOf(name)).tensors().containsKey(name)
        : folder.shardOf().containsKey(name);
  }

  private String shardOf(String name) {
    return folder.shardOf().getOrDefault(name, folder.shards().keySet().iterator().next());
  }

  private Tensor own(String name) {
    SafetensorsFile file = shard(shardOf(name));
    Tensor tensor = file.tensors().get(name);
    if (tensor != null) {
      return tensor;
    }
    String other = file.others().get(name);
    if (other != null) {
      throw new FormatException(
          file.name(),
          -1,
          "tensor '%s' is stored as %s; F32, F16, BF16, I32 and F8_E4M3 are read"
              .formatted(name, other));
    }
    throw Missing.tensor(file.name(), name, file.tensors().keySet());
  }

  @Override
  public synchronized Map<String, Object> metadata() {
    if (metadata == null) {
      Map<String, Object> found = new LinkedHashMap<>();
      for (String name : List.of("generation_config", "tokenizer_config", "special_tokens_map")) {
        Path json = folder.folder().resolve(name + ".json");
        if (Files.exists(json)) {
          found.put(name, Json.read(json));
        }
      }
      Path template = folder.folder().resolve("chat_template.jinja");
      if (Files.exists(template)) {
        found.put("chat_template", text(template));
      }
      metadata = Collections.unmodifiableMap(found);
    }
    return metadata;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Path source() {
    return source;
  }

  @Override
  public long totalBytes() {
    return folder.totalBytes();
  }

  @Override
  public void requireUnchanged() {
    mapped.requireUnchanged();
  }

  @Override
  public void close() {
    mapped.close();
  }
}
