package dev.hadal.app.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the model that a person means. */
final class Models {
  private static final String HINT =
      "a model is a .gguf file, a folder with config.json and *.safetensors, or 'tiny'";

  private Models() {}

  /**
   * The file or folder behind a name on the command line.
   *
   * @throws IllegalArgumentException if there is none; the message says what comes near
   */
  static Path resolve(String name) throws IOException {
    if (name.equals(Tiny.NAME)) {
      return Tiny.file();
    }
    Path path = Path.of(name);
    if (Files.isDirectory(path)) {
      return directory(path);
    }
    if (!Files.exists(path)) {
      throw new IllegalArgumentException(unknown(name, path));
    }
    return file(path);
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

  private static String unknown(String name, Path path) {
    String near = nearest(path);
    return "no model named '"
        + name
        + "': there is no such file; "
        + (near != null ? "did you mean " + near + "?" : HINT);
  }

  /** What lies beside a path and is spelled almost so. */
  private static @Nullable String nearest(Path path) {
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
            .filter(n -> distance(wanted, n.toLowerCase(Locale.ROOT)) <= limit(wanted, n))
            .min(Comparator.comparingInt(n -> distance(wanted, n.toLowerCase(Locale.ROOT))))
            .orElse(null);
    if (file != null) {
      return (folder == null ? Path.of(file) : folder.resolve(file)).toString();
    }
    return folder == null && distance(wanted, Tiny.NAME) <= 2 ? Tiny.NAME : null;
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

  /** Levenshtein's: how many characters must change. */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    Arrays.setAll(row, j -> j);
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best = Math.min(diagonal + same, Math.min(row[j], row[j - 1]) + 1);
        diagonal = row[j];
        row[j] = best;
      }
    }
    return row[b.length()];
  }
}
