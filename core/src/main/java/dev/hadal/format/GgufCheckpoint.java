package dev.hadal.format;

import dev.hadal.tensor.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A GGUF model under Hugging Face's names. */
final class GgufCheckpoint implements Checkpoint {
  private static final Pattern STACK =
      Pattern.compile("(.*\\.mlp\\.experts\\.)((?:gate|up|down)_proj\\.weight)");
  private static final int MOST_EXPERTS = 4096;

  private final Path source;
  private final GgufFiles files;
  private final Map<String, Tensor> ggufTensors;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Config config;
  private final MappedFiles mapped;

  private GgufCheckpoint(Path source, GgufFiles files, MappedFiles mapped) {
    this.source = source;
    this.files = files;
    this.mapped = mapped;
    this.ggufTensors = files.tensors();
    this.config = GgufConfig.of(files.metadata(), ggufTensors, files.name());
    boolean oneSharedExpert = GgufConfig.architecture(files.metadata()).equals("qwen2moe");
    ggufTensors.forEach((name, tensor) -> add(GgufNames.toHf(name, oneSharedExpert), tensor));
  }

  static GgufCheckpoint open(Path path) {
    MappedFiles mapped = new MappedFiles();
    try {
      return new GgufCheckpoint(path, GgufFiles.open(path, mapped), mapped);
    } catch (RuntimeException e) {
      mapped.close();
      throw e;
    }
  }

  /** A checkpoint over files that are read already; closing it leaves their memory alone. */
  static GgufCheckpoint of(GgufFiles files) {
    return new GgufCheckpoint(files.source(), files, new MappedFiles());
  }

  private void add(String name, Tensor tensor) {
    Matcher stack = STACK.matcher(name);
    if (!stack.matches()) {
      // GGUF drops the 1 of a (1, D) matrix.
      boolean row = name.endsWith(".shared_expert_gate.weight") && tensor.rank() == 1;
      tensors.put(name, row ? tensor.view(1, tensor.dim(0)) : tensor);
      return;
    }
    if (tensor.rank() != 3 || tensor.dim(0) > MOST_EXPERTS) {
      throw new FormatException(
          files.name(),
          -1,
          "the experts '%s' are %s, (E, out, in) is expected".formatted(name, tensor));
    }
    for (int e = 0; e < tensor.dim(0); e++) {
      tensors.put(stack.group(1) + e + "." + stack.group(2), tensor.at(e));
    }
  }

  /** The files with GGUF's own names and values, for writing them anew. */
  GgufFiles files() {
    return files;
  }

  @Override
  public Config config() {
    return config;
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(tensors.keySet());
  }

  @Override
  public boolean has(String name) {
    return tensors.containsKey(name);
  }

  @Override
  public Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw Missing.tensor(files.name(), name, tensors.keySet());
    }
    return tensor;
  }

  @Override
  public Map<String, Object> metadata() {
    return files.metadata();
  }

  @Override
  public Path source() {
    return source;
  }

  @Override
  public long totalBytes() {
    return files.totalBytes();
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
