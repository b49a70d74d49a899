package dev.hadal.format;

import dev.hadal.tensor.DType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes a model folder as Hugging Face lays it out: {@code config.json}, and {@code
 * model.safetensors} or numbered parts with their index.
 */
public final class SafetensorsWriter {
  /** The size of a part that Hugging Face's own tools choose. */
  public static final long USUAL_PART_BYTES = 5_000_000_000L;

  private static final int ALIGNMENT = 8;

  private SafetensorsWriter() {}

  /**
   * @param config what goes into config.json
   * @param tensors of the types F32, F16, BF16, I32, F8_E4M3 and F8_E8M0
   * @param partBytes parts grow up to this size; one larger tensor is a part of its own
   * @throws IllegalArgumentException if a tensor's type has no name in the format
   * @throws UncheckedIOException if the disk fails or is full
   */
  public static void write(
      Path folder,
      Map<String, ?> config,
      List<OutputTensor> tensors,
      long partBytes,
      Progress progress) {
    List<List<OutputTensor>> parts = parts(tensors, partBytes);
    long total = tensors.stream().mapToLong(OutputTensor::size).sum();
    Map<String, String> partOf = new LinkedHashMap<>();
    try {
      Files.createDirectories(folder);
      long done = 0;
      for (int i = 0; i < parts.size(); i++) {
        String name = partName(i, parts.size());
        parts.get(i).forEach(t -> partOf.put(t.name(), name));
        done = writePart(folder.resolve(name), parts.get(i), progress, done, total);
      }
      if (parts.size() > 1) {
        Map<String, Object> index = new LinkedHashMap<>();
        index.put("metadata", Map.of("total_size", total));
        index.put("weight_map", partOf);
        Files.write(folder.resolve("model.safetensors.index.json"), Json.prettyBytes(index));
      }
      Files.write(folder.resolve("config.json"), Json.prettyBytes(config));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<List<OutputTensor>> parts(List<OutputTensor> tensors, long partBytes) {
    List<List<OutputTensor>> parts = new ArrayList<>();
    List<OutputTensor> part = new ArrayList<>();
    long size = 0;
    for (OutputTensor tensor : tensors) {
      if (!part.isEmpty() && size + tensor.size() > partBytes) {
        parts.add(part);
        part = new ArrayList<>();
        size = 0;
      }
      part.add(tensor);
      size += tensor.size();
    }
    parts.add(part);
    return parts;
  }

  private static String partName(int index, int count) {
    return count == 1
        ? "model.safetensors"
        : String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", index + 1, count);
  }

  private static long writePart(
      Path file, List<OutputTensor> tensors, Progress progress, long done, long total)
      throws IOException {
    try (TensorOutput out = new TensorOutput(file, progress, done, total)) {
      byte[] header = header(tensors);
      GgufMetadata.Bytes size = new GgufMetadata.Bytes();
      size.i64(header.length);
      out.write(size.toByteArray());
      out.write(header);
      for (OutputTensor tensor : tensors) {
        out.write(tensor);
      }
      out.finish();
      return out.done();
    }
  }

  private static byte[] header(List<OutputTensor> tensors) {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("__metadata__", Map.of("format", "pt")); // what transformers looks for
    long offset = 0;
    for (OutputTensor tensor : tensors) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("dtype", dtype(tensor));
      entry.put("shape", tensor.shape());
      entry.put("data_offsets", new long[] {offset, offset + tensor.size()});
      header.put(tensor.name(), entry);
      offset += tensor.size();
    }
    String json = new String(Json.bytes(header), StandardCharsets.UTF_8);
    int length = json.getBytes(StandardCharsets.UTF_8).length;
    return (json + " ".repeat(Math.ceilDiv(length, ALIGNMENT) * ALIGNMENT - length))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String dtype(OutputTensor tensor) {
    DType type = tensor.type();
    if (type.isQuantized()) {
      throw new IllegalArgumentException(
          tensor + " has no safetensors form; write it as BF16, F16 or F32");
    }
    return type.name();
  }
}
