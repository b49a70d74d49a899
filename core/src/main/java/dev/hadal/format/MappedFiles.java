package dev.hadal.format;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Files mapped together, unmapped together, and watched for being written to meanwhile. */
final class MappedFiles implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final List<Mapped> files = new CopyOnWriteArrayList<>();

  /** A file as it was when it was mapped. */
  private record Mapped(Path path, long size, FileTime written, @Nullable Object key) {}

  /** The whole file, read-only; it stays valid until {@link #close}. */
  MemorySegment map(Path path) {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
      files.add(new Mapped(path, bytes.byteSize(), now.lastModifiedTime(), now.fileKey()));
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** See {@link Checkpoint#requireUnchanged()}. */
  void requireUnchanged() {
    for (Mapped file : files) {
      BasicFileAttributes now = attributes(file.path);
      if (now == null || !Objects.equals(now.fileKey(), file.key)) {
        continue; // another file under the name, or none: the mapping keeps the old one
      }
      if (now.size() != file.size || !now.lastModifiedTime().equals(file.written)) {
        throw new FormatException(
            Json.fileName(file.path),
            -1,
            "the file was written to while it is in use (it had %,d bytes, it has %,d); load the model anew, and replace model files by moving new ones over them"
                .formatted(file.size, now.size()));
      }
    }
  }

  private static @Nullable BasicFileAttributes attributes(Path path) {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
