package dev.hadal.format;

import dev.hadal.tensor.quant.BlockCodec;
import dev.hadal.tensor.quant.Quants;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.stream.IntStream;

/**
 * A file being written: under another name until it is whole, tensors encoded on all cores, a
 * buffer at a time.
 */
final class TensorOutput implements AutoCloseable {
  private static final long BUFFER_BYTES = 8L << 20;
  private static final int PIECE_NUMBERS = 1 << 15;

  private final Path file;
  private final Path unfinished;
  private final FileChannel channel;
  private final Progress progress;
  private final long total;
  private long done;
  private boolean finished;

  /**
   * @param done what progress begins at, where several files count together
   */
  TensorOutput(Path file, Progress progress, long done, long total) throws IOException {
    this.file = file;
    this.unfinished = file.resolveSibling(Json.fileName(file) + ".unfinished");
    this.progress = progress;
    this.done = done;
    this.total = total;
    this.channel =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
  }

  void write(byte[] bytes) throws IOException {
    writeFully(ByteBuffer.wrap(bytes));
  }

  /** Zeros up to a multiple of {@code alignment}. */
  void pad(int alignment) throws IOException {
    long position = channel.position();
    write(new byte[(int) (Math.ceilDiv(position, alignment) * (long) alignment - position)]);
  }

  void write(OutputTensor tensor) throws IOException {
    MemorySegment bytes = tensor.bytes();
    if (bytes != null) {
      copy(bytes.asSlice(0, tensor.size()));
    } else {
      encode(tensor);
    }
  }

  long done() {
    return done;
  }

  private void copy(MemorySegment bytes) throws IOException {
    for (long at = 0; at < bytes.byteSize(); at += BUFFER_BYTES) {
      long size = Math.min(BUFFER_BYTES, bytes.byteSize() - at);
      writeFully(bytes.asSlice(at, size).asByteBuffer());
      advance(size);
    }
  }

  private void encode(OutputTensor tensor) throws IOException {
    long rowBytes = tensor.type().bytes(tensor.columns());
    int rowsAtOnce =
        Math.clamp(BUFFER_BYTES / Math.max(1, rowBytes), 1, Math.max(1, tensor.rowCount()));
    try (Arena arena = Arena.ofShared()) {
      MemorySegment buffer = arena.allocate(Math.max(1, rowsAtOnce * rowBytes));
      for (int row = 0; row < tensor.rowCount(); row += rowsAtOnce) {
        int count = Math.min(rowsAtOnce, tensor.rowCount() - row);
        encode(tensor, row, count, buffer);
        writeFully(buffer.asSlice(0, count * rowBytes).asByteBuffer());
        advance(count * rowBytes);
      }
    }
  }

  private static void encode(OutputTensor tensor, int first, int count, MemorySegment buffer) {
    BlockCodec codec = Quants.codec(tensor.type());
    int columns = tensor.columns();
    long rowBytes = tensor.type().bytes(columns);
    int piece = Math.max(1, PIECE_NUMBERS / Math.max(1, columns));
    IntStream.range(0, Math.ceilDiv(count, piece))
        .parallel()
        .forEach(p -> {
          int from = p * piece;
          int rows = Math.min(piece, count - from);
          float[] values = new float[Math.multiplyExact(rows, columns)];
          tensor.rows().read(first + from, rows, values);
          codec.encode(values, 0, values.length, buffer, from * rowBytes);
        });
  }

  private void writeFully(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private void advance(long bytes) {
    done += bytes;
    progress.update(done, total);
  }

  /** The file is whole: gives it its name. */
  void finish() throws IOException {
    channel.close();
    Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
    finished = true;
  }

  /** Removes what is not finished. */
  @Override
  public void close() {
    try {
      channel.close();
      if (!finished) {
        Files.deleteIfExists(unfinished);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
