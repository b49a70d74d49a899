package dev.hadal.app.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Which URL a cache's folder is of: its name has only a checksum of it. */
final class Links {
  private static final String SOURCE = "source";

  private Links() {}

  static boolean isFolder(String name) {
    return name.startsWith("url--");
  }

  static void write(CacheFolder folder, ModelName.Link link) throws IOException {
    Files.createDirectories(folder.path());
    Files.writeString(folder.path().resolve(SOURCE), link.uri().toString());
  }

  static Optional<ModelName.Link> read(CacheFolder folder) throws IOException {
    Path source = folder.path().resolve(SOURCE);
    if (!Files.isRegularFile(source)) {
      return Optional.empty();
    }
    return ModelName.parse(Files.readString(source).strip())
        .filter(ModelName.Link.class::isInstance)
        .map(ModelName.Link.class::cast)
        .filter(link -> folder.path().endsWith(link.folder()));
  }
}
