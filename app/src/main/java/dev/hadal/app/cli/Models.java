package dev.hadal.app.cli;

import dev.hadal.app.hub.Library;
import dev.hadal.app.hub.ModelName;
import dev.hadal.app.hub.Spelling;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the model that a person means. */
final class Models {
  private static final String HINT =
      "a model is a .gguf file, a folder with config.json and *.safetensors, a name that 'hadal"
          + " list' shows, or 'tiny'";

  private Models() {}

  /**
   * The file or folder behind a name on the command line: what lies there under this very name, or
   * else what was pulled under it.
   *
   * @throws IllegalArgumentException if there is none; the message says what comes near
   */
  static Path resolve(String name) throws IOException {
    if (name.equals(Tiny.NAME)) {
      return Tiny.file();
    }
    if (name.isEmpty()) {
      throw new IllegalArgumentException("the model's name is empty; " + HINT);
    }
    Optional<Path> path = existing(name);
    if (path.isPresent()) {
      return Files.isDirectory(path.get()) ? directory(path.get()) : file(path.get());
    }
    return pulled(name, new Library(Places.hub()));
  }

  /** What lies under a name; a URL is no path on every system. */
  static Optional<Path> existing(String name) {
    try {
      return Optional.of(Path.of(name)).filter(Files::exists);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  static Path pulled(String name, Library library) throws IOException {
    Optional<ModelName> parsed = ModelName.parse(name);
    Optional<Library.Entry> entry =
        parsed.isEmpty() ? Optional.empty() : library.find(parsed.get());
    if (entry.isEmpty()) {
      throw new IllegalArgumentException(unknown(name, library));
    }
    return entry.get().path();
  }

  private static Path directory(Path folder) throws IOException {
    if (Files.exists(folder.resolve("config.json"))) {
      return folder;
    }
    List<String> gguf = names(folder, ".gguf");
    throw new IllegalArgumentException(
        folder
            + ": this folder has no config.json; "
            + (gguf.isEmpty() ? HINT : "did you mean " + folder.resolve(gguf.getFirst()) + "?"));
  }

  private static Path file(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    String name = String.valueOf(file.getFileName());
    boolean part =
        name.equals("config.json") || name.endsWith(".safetensors") || name.endsWith(".index.json");
    if (part && folder != null && Files.exists(folder.resolve("config.json"))) {
      return folder;
    }
    if (isGguf(file)) {
      return file;
    }
    String reason =
        name.endsWith(".gguf")
            ? "its first bytes are not GGUF's; is the download complete, or did it bring an error"
                + " page?"
            : name.endsWith(".safetensors")
                ? "a safetensors model needs its config.json beside it; bring the whole folder"
                : name.startsWith("tokenizer.json") || name.endsWith(".tiktoken")
                    ? "a vocabulary has no weights; 'hadal tokenize' takes it, here a model is"
                        + " needed"
                    : "this is no model; " + HINT;
    throw new IllegalArgumentException(file + ": " + reason);
  }

  /** Whether a file begins as a GGUF file does. */
  static boolean isGguf(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(4), StandardCharsets.US_ASCII).equals("GGUF");
    }
  }

  private static String unknown(String name, Library library) throws IOException {
    String near = nearest(name);
    near = near == null ? known(name, library) : near;
    if (near != null) {
      return "no model named '%s': there is no such file; did you mean %s?".formatted(name, near);
    }
    boolean elsewhere = name.contains("/") || name.contains(":");
    if (elsewhere && !isFileName(name) && ModelName.parse(name).isPresent()) {
      return "no model named '%s' on this machine; 'hadal pull %s' brings it, 'hadal list' shows what is there"
          .formatted(name, name);
    }
    return "no model named '" + name + "': there is no such file; " + HINT;
  }

  private static boolean isFileName(String name) {
    return name.endsWith(".gguf")
        && !name.contains(":")
        && name.indexOf('/') == name.lastIndexOf('/');
  }

  /** A pulled model that has the word in its name. */
  private static @Nullable String known(String word, Library library) throws IOException {
    String wanted = word.toLowerCase(Locale.ROOT);
    return library.list().stream()
        .map(entry -> entry.name().typed())
        .filter(typed -> wanted.length() > 2 && typed.toLowerCase(Locale.ROOT).contains(wanted))
        .findFirst()
        .orElse(null);
  }

  /** What lies beside a path and is spelled almost so. */
  private static @Nullable String nearest(String name) {
    Path path;
    try {
      path = Path.of(name);
    } catch (InvalidPathException e) {
      return null;
    }
    String wanted = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    Path folder = path.getParent();
    Stream<String> there = Stream.empty();
    try {
      there = names(folder == null ? Path.of("") : folder, "").stream();
    } catch (IOException e) {
      // Nothing can be listed there: nothing comes near.
    }
    String file =
        there
            .filter(n -> Spelling.distance(wanted, n.toLowerCase(Locale.ROOT)) <= limit(wanted, n))
            .min(
                Comparator.comparingInt(n -> Spelling.distance(wanted, n.toLowerCase(Locale.ROOT))))
            .orElse(null);
    if (file != null) {
      return (folder == null ? Path.of(file) : folder.resolve(file)).toString();
    }
    return folder == null && Spelling.distance(wanted, Tiny.NAME) <= 2 ? Tiny.NAME : null;
  }

  private static int limit(String wanted, String name) {
    boolean extends_ = name.toLowerCase(Locale.ROOT).startsWith(wanted) && wanted.length() > 2;
    return extends_ ? name.length() : Math.min(3, wanted.length() / 3);
  }

  private static List<String> names(Path folder, String suffix) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(f -> f.toString().endsWith(".gguf") || (suffix.isEmpty() && Files.isDirectory(f)))
          .map(f -> String.valueOf(f.getFileName()))
          .filter(n -> !n.startsWith("."))
          .sorted()
          .limit(10_000)
          .toList();
    }
  }
}
