package dev.hadal.app.hub;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One repository in a cache laid out as Hugging Face's tools do it: {@code blobs/} holds contents
 * by their checksum, {@code snapshots/COMMIT/} names them by links, {@code refs/} says which commit
 * a branch was at. Source: Hugging Face Hub documentation, "Understand caching".
 */
record CacheFolder(Path path) {
  static CacheFolder of(HubSettings settings, ModelName name) {
    return new CacheFolder(settings.cache(name).resolve(name.folder()));
  }

  Path blobs() {
    return path.resolve("blobs");
  }

  Path blob(String etag) {
    return blobs().resolve(etag);
  }

  Path snapshot(String commit) {
    return path.resolve("snapshots").resolve(commit);
  }

  Path file(String commit, String name) {
    return snapshot(commit).resolve(name);
  }

  /** The commit that a revision was at when it was last fetched. */
  Optional<String> commit(String revision) throws IOException {
    Path ref = path.resolve("refs").resolve(revision);
    if (Files.isRegularFile(ref)) {
      return Optional.of(Files.readString(ref).strip()).filter(NameSyntax::isPlainName);
    }
    return Optional.of(revision).filter(NameSyntax::isPlainName).filter(this::hasSnapshot);
  }

  private boolean hasSnapshot(String commit) {
    return Files.isDirectory(snapshot(commit));
  }

  List<String> commits() throws IOException {
    return names(path.resolve("snapshots"));
  }

  /** Names of plain things in a folder; none if there is no folder. */
  static List<String> names(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(e -> String.valueOf(e.getFileName())).sorted().toList();
    }
  }

  /** Files of a snapshot whose contents are there, with {@code /} between folders. */
  List<String> files(String commit) throws IOException {
    Path snapshot = snapshot(commit);
    if (!Files.isDirectory(snapshot)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(snapshot)) {
      return all.filter(Files::isRegularFile)
          .map(f -> snapshot.relativize(f).toString().replace('\\', '/'))
          .sorted()
          .toList();
    }
  }

  /** Names a content in a snapshot. Where a system has no links, the content itself moves there. */
  void link(String commit, String name, String etag) throws IOException {
    Path file = file(commit, name);
    Path blob = blob(etag);
    Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
    if (Files.isRegularFile(file) && (!Files.exists(blob) || Files.isSameFile(file, blob))) {
      return;
    }
    Files.deleteIfExists(file);
    try {
      Files.createSymbolicLink(file, folder.relativize(blob.toAbsolutePath()));
    } catch (UnsupportedOperationException | FileSystemException e) {
      Files.move(blob, file);
    }
  }

  void setRef(String revision, String commit) throws IOException {
    Path ref = path.resolve("refs").resolve(revision);
    Path folder = Files.createDirectories(ref.toAbsolutePath().getParent());
    Path half = Files.createTempFile(folder, "ref", ".part");
    Files.writeString(half, commit);
    Files.move(half, ref, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Takes files out of a snapshot; contents that no other name means go with them. */
  void remove(String commit, List<String> names) throws IOException {
    for (String name : names) {
      Path file = file(commit, name);
      Optional<Path> blob = target(file);
      Files.deleteIfExists(file);
      if (blob.isPresent() && !isNamed(blob.get())) {
        Files.deleteIfExists(blob.get());
      }
    }
  }

  /** The content behind a link; nothing outside this repository counts. */
  private Optional<Path> target(Path link) throws IOException {
    if (!Files.isSymbolicLink(link) || !Files.exists(link)) {
      return Optional.empty();
    }
    Path blob = link.toRealPath();
    return Files.exists(blobs()) && blob.startsWith(blobs().toRealPath())
        ? Optional.of(blob)
        : Optional.empty();
  }

  private boolean isNamed(Path blob) throws IOException {
    for (String commit : commits()) {
      for (String name : files(commit)) {
        if (file(commit, name).toRealPath().equals(blob)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Removes the repository: its contents, whole and partial, and all that names them. */
  void removeAll() throws IOException {
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(path + " is a link; remove what it leads to by hand");
    }
    List<Path> all;
    try (Stream<Path> entries = Files.walk(path)) {
      all = entries.toList();
    }
    for (Path entry : all.reversed()) {
      Files.delete(entry);
    }
  }

  /** Bytes that the repository takes. */
  long bytes() throws IOException {
    long bytes = 0;
    try (Stream<Path> entries = Files.walk(path)) {
      for (Path entry : entries.toList()) {
        if (Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
          bytes += Files.size(entry);
        }
      }
    }
    return bytes;
  }
}
