package dev.hadal.app.cli;

import dev.hadal.app.hub.Library;
import dev.hadal.app.hub.ModelName;
import dev.hadal.app.models.Catalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a server may open: the models it was started with, by the names its owner gave them, and
 * those that were pulled. A file that only lies somewhere is never meant by a request.
 */
final class ServedModels implements Catalog {
  private final Map<String, Path> served = new LinkedHashMap<>();
  private final Library library;

  ServedModels(Library library) {
    this.library = library;
  }

  /**
   * Adds a model of the command line.
   *
   * @param given {@code MODEL} or {@code NAME=MODEL}
   * @return the name it has here
   */
  String add(String given) throws IOException {
    int equals = given.indexOf('=');
    boolean named = equals > 0 && Models.existing(given).isEmpty();
    String model = named ? given.substring(equals + 1) : given;
    Path path = Models.resolve(model);
    String name = named ? given.substring(0, equals) : shortName(model);
    Path other = served.putIfAbsent(name, path);
    if (other != null && !other.equals(path)) {
      throw new IllegalArgumentException(
          "two models would be named '%s': %s and %s; give one another name as NAME=%s"
              .formatted(name, other, path, model));
    }
    return name;
  }

  /** A file's own name without its folder and ending; any other name as it is. */
  private static String shortName(String model) {
    Optional<Path> path = Models.existing(model);
    if (model.equals(Tiny.NAME) || path.isEmpty()) {
      return model;
    }
    String file = String.valueOf(path.get().toAbsolutePath().normalize().getFileName());
    return file.endsWith(".gguf") ? file.substring(0, file.length() - 5) : file;
  }

  @Override
  public Optional<Entry> find(String name) throws IOException {
    Path own = served.get(name);
    if (own != null) {
      return Optional.of(entry(name, own));
    }
    if (name.equals(Tiny.NAME)) {
      return Optional.of(entry(name, Tiny.file()));
    }
    Optional<ModelName> parsed = ModelName.parse(name);
    return parsed.isEmpty()
        ? Optional.empty()
        : library.find(parsed.get()).map(ServedModels::entry);
  }

  @Override
  public List<Entry> list() throws IOException {
    List<Entry> all = new ArrayList<>();
    for (Map.Entry<String, Path> one : served.entrySet()) {
      all.add(entry(one.getKey(), one.getValue()));
    }
    library.list().stream()
        .map(ServedModels::entry)
        .filter(pulled -> !served.containsKey(pulled.name()))
        .forEach(all::add);
    if (!served.containsKey(Tiny.NAME)) {
      all.add(entry(Tiny.NAME, Tiny.file()));
    }
    return all;
  }

  private static Entry entry(Library.Entry pulled) {
    return new Entry(pulled.name().typed(), pulled.path(), pulled.bytes(), pulled.fetched());
  }

  private static Entry entry(String name, Path path) throws IOException {
    Instant modified = Files.getLastModifiedTime(path).toInstant();
    if (!Files.isDirectory(path)) {
      return new Entry(name, path, Files.size(path), modified);
    }
    long bytes = 0;
    try (Stream<Path> files = Files.list(path)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".safetensors")).toList()) {
        bytes += Files.size(file);
      }
    }
    return new Entry(name, path, bytes, modified);
  }
}
