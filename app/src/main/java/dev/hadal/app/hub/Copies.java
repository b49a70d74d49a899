package dev.hadal.app.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * Models under a second name, as if they had been fetched under it. Their contents are hard links
 * where the system has them: they take no room, and removing one name leaves the other.
 */
final class Copies {
  private Copies() {}

  /** The files of a model that is opened by this path, in their folder. */
  static List<String> files(Path model) throws IOException {
    Path folder = folder(model);
    if (Files.isDirectory(model)) {
      return Variant.choose(model.toString(), CacheFolder.names(folder), "").files();
    }
    String name = String.valueOf(model.getFileName());
    return Variant.among(CacheFolder.names(folder)).stream()
        .map(Variant::files)
        .filter(files -> files.contains(name))
        .findFirst()
        .orElse(List.of(name));
  }

  private static Path folder(Path model) {
    return Files.isDirectory(model) ? model : model.toAbsolutePath().resolveSibling("");
  }

  /** Puts a model into a folder of the cache, under a tag. */
  static void put(Path model, CacheFolder to, String tag) throws IOException {
    List<String> files = files(model);
    Path from = folder(model);
    StringBuilder state = new StringBuilder(tag);
    for (String file : files) {
      Path real = from.resolve(file).toRealPath();
      state.append('\n').append(real).append(Files.size(real));
      state.append(Files.getLastModifiedTime(real));
    }
    String commit = Checksums.sha256(state.toString().getBytes(UTF_8));
    Files.createDirectories(to.blobs());
    for (String file : files) {
      String key = Checksums.sha256((commit + file).getBytes(UTF_8));
      putContent(from.resolve(file).toRealPath(), to.blob(key));
      // Ollama's own files are named by their checksum; here the ending says what a file is.
      boolean named = Files.isDirectory(model) || file.endsWith(".gguf");
      to.link(commit, named ? file : "model.gguf", key);
    }
    to.setRef(tag, commit);
  }

  private static void putContent(Path from, Path blob) throws IOException {
    if (Files.exists(blob)) {
      return;
    }
    try {
      Files.createLink(blob, from);
    } catch (UnsupportedOperationException | FileSystemException e) {
      long free = Files.getFileStore(blob.toAbsolutePath().getParent()).getUsableSpace();
      if (Files.size(from) + Puller.SPARE_BYTES > free) {
        throw new HubException(
            "%s has no room for a copy of %s, and the system can't link there; 'hadal rm' makes room"
                .formatted(blob.getParent(), from.getFileName()),
            e);
      }
      Path part = blob.resolveSibling(blob.getFileName() + ".hadal-part");
      Files.copy(from, part, StandardCopyOption.REPLACE_EXISTING);
      Files.move(part, blob, StandardCopyOption.ATOMIC_MOVE);
    }
  }
}
