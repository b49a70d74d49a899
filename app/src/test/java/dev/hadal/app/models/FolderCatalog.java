package dev.hadal.app.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Models by the names a test gives them. */
public final class FolderCatalog implements Catalog {
  private final Map<String, Path> models = new TreeMap<>();

  public FolderCatalog with(String name, Path path) {
    models.put(name, path);
    return this;
  }

  @Override
  public Optional<Entry> find(String name) throws IOException {
    Path path = models.get(name);
    return path == null
        ? Optional.empty()
        : Optional.of(
            new Entry(name, path, Files.size(path), Instant.ofEpochSecond(1_700_000_000)));
  }

  @Override
  public List<Entry> list() throws IOException {
    List<Entry> all = new ArrayList<>();
    for (String name : models.keySet()) {
      all.add(find(name).orElseThrow());
    }
    return all;
  }
}
