package dev.hadal.format;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** Writes GGUF version 3, aligned to 32 bytes. The file appears under its name only when whole. */
public final class GgufWriter {
  private static final int VERSION = 3;
  private static final int ALIGNMENT = 32;
  private static final int MAX_DIMS = 4;

  private GgufWriter() {}

  /**
   * @param tensors under GGUF's names, shapes as ours: a matrix is (out, in)
   * @throws IllegalArgumentException if GGUF can't hold a tensor's type or shape
   * @throws UncheckedIOException if the disk fails or is full
   */
  public static void write(
      Path file, GgufMetadata metadata, List<OutputTensor> tensors, Progress progress) {
    byte[] head = head(metadata.remove("general.alignment"), tensors);
    long total = tensors.stream().mapToLong(OutputTensor::size).sum();
    try (TensorOutput out = new TensorOutput(file, progress, 0, total)) {
      out.write(head);
      for (OutputTensor tensor : tensors) {
        out.pad(ALIGNMENT);
        out.write(tensor);
      }
      out.pad(ALIGNMENT);
      out.finish();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] head(GgufMetadata metadata, List<OutputTensor> tensors) {
    GgufMetadata.Bytes head = new GgufMetadata.Bytes();
    head.i32(GgufFile.MAGIC);
    head.i32(VERSION);
    head.i64(tensors.size());
    head.i64(metadata.size());
    head.writeBytes(metadata.encoded());
    long offset = 0;
    for (OutputTensor tensor : tensors) {
      int[] shape = tensor.shape();
      if (shape.length < 1 || shape.length > MAX_DIMS) {
        throw new IllegalArgumentException(tensor + " has no GGUF form: 1 to 4 dimensions");
      }
      head.string(tensor.name());
      head.i32(shape.length);
      for (int i = shape.length - 1; i >= 0; i--) {
        head.i64(shape[i]);
      }
      head.i32(GgufType.code(tensor.type()));
      head.i64(offset);
      offset = Math.ceilDiv(offset + tensor.size(), ALIGNMENT) * (long) ALIGNMENT;
    }
    return head.toByteArray();
  }
}
