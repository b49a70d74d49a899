package dev.hadal.app.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Which chunks of a partial file are there, in a small file beside it: written after each chunk,
 * and replaced in one step, so that a download that is killed goes on where it was.
 */
final class PartRecord {
  private final Path file;
  private final long size;
  private final long chunkBytes;
  private final BitSet done;

  private PartRecord(Path file, long size, long chunkBytes, BitSet done) {
    this.file = file;
    this.size = size;
    this.chunkBytes = chunkBytes;
    this.done = done;
  }

  /** What is there of a file of that size; a new record where there is none that fits. */
  static PartRecord open(Path file, Path part, long size, long chunkBytes) throws IOException {
    if (Files.isRegularFile(part) && Files.size(part) == size && Files.isRegularFile(file)) {
      try {
        JsonNode record = JsonMapper.shared().readTree(Files.readAllBytes(file));
        long chunk = record.path("chunk_bytes").asLong(0);
        if (record.path("size").asLong(-1) == size && chunk > 0) {
          byte[] bits = HexFormat.of().parseHex(record.path("done").asString(""));
          return new PartRecord(file, size, chunk, BitSet.valueOf(bits));
        }
      } catch (JacksonException | IllegalArgumentException e) {
        // A record that can't be read knows of nothing.
      }
    }
    return new PartRecord(file, size, chunkBytes, new BitSet());
  }

  int chunks() {
    return Math.toIntExact((size + chunkBytes - 1) / chunkBytes);
  }

  long from(int chunk) {
    return chunk * chunkBytes;
  }

  /** One past a chunk's last byte. */
  long to(int chunk) {
    return Math.min(size, from(chunk) + chunkBytes);
  }

  synchronized boolean has(int chunk) {
    return done.get(chunk);
  }

  synchronized long doneBytes() {
    return done.stream().filter(i -> i < chunks()).mapToLong(i -> to(i) - from(i)).sum();
  }

  synchronized void add(int chunk) throws IOException {
    done.set(chunk);
    Path half = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(
        half,
        JsonMapper.shared()
            .writeValueAsString(
                Map.of(
                    "size",
                    size,
                    "chunk_bytes",
                    chunkBytes,
                    "done",
                    HexFormat.of().formatHex(done.toByteArray()))));
    Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
