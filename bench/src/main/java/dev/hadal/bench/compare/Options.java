package dev.hadal.bench.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * What is measured.
 *
 * @param models names of shapes, or GGUF files
 * @param types storage types of the shapes
 * @param prompt tokens of prefill, 0 for none
 * @param generate tokens of decode, 0 for none
 * @param depth tokens of context before either
 * @param streams texts that are decoded together
 * @param rounds turns each side has
 * @param backend empty for the best
 * @param project the folder that has {@code bench}
 */
record Options(
    List<String> models,
    List<String> types,
    int prompt,
    int generate,
    int depth,
    int streams,
    int rounds,
    int threads,
    String backend,
    Path project) {
  private static final List<String> USUAL =
      List.of("llama-3.2-1b", "qwen2.5-0.5b", "qwen3-moe-small", "deepseek-v2-lite-small");

  static Options of(String[] args) {
    List<String> models = new ArrayList<>();
    List<String> types = List.of("q8_0");
    int prompt = 512;
    int generate = 64;
    int depth = 0;
    int streams = 1;
    int rounds = 5;
    int threads = 2;
    String backend = "";
    Iterator<String> rest = Arrays.asList(args).iterator();
    while (rest.hasNext()) {
      String arg = rest.next();
      if (!arg.startsWith("-")) {
        models.add(arg);
        continue;
      }
      if (!rest.hasNext()) {
        throw new IllegalArgumentException(arg + " needs a value");
      }
      String value = rest.next();
      switch (arg) {
        case "--type" -> types = List.of(value.split(",", -1));
        case "--backend" -> backend = value;
        case "-p" -> prompt = Integer.parseInt(value);
        case "-n" -> generate = Integer.parseInt(value);
        case "-d" -> depth = Integer.parseInt(value);
        case "-b" -> streams = Integer.parseInt(value);
        case "-r" -> rounds = Integer.parseInt(value);
        case "-t" -> threads = Integer.parseInt(value);
        default ->
            throw new IllegalArgumentException(
                "unknown option "
                    + arg
                    + "; there are --type, --backend, -p, -n, -d, -b, -r and -t");
      }
    }
    return new Options(
        models.isEmpty() ? USUAL : models,
        types,
        prompt,
        generate,
        depth,
        streams,
        rounds,
        threads,
        backend,
        Path.of(System.getProperty("hadal.project", ".")).toAbsolutePath().normalize());
  }

  /** Tokens of context that the measurements need, of each stream. */
  int contextTokens() {
    return depth + Math.max(prompt, generate) + 8;
  }
}
