package dev.hadal.bench.harness;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * A measurement's command line: models, and options that have a value each.
 *
 * @param models names of shapes, or GGUF files
 */
public record Arguments(List<String> models, Map<String, String> values) {

  /**
   * Reads a command line.
   *
   * @param known the options that there are, such as {@code -r}
   * @throws IllegalArgumentException if an option is none of them or lacks its value
   */
  public static Arguments of(String[] args, List<String> known) {
    List<String> models = new ArrayList<>();
    Map<String, String> values = new HashMap<>();
    Iterator<String> rest = Arrays.asList(args).iterator();
    while (rest.hasNext()) {
      String arg = rest.next();
      if (!arg.startsWith("-")) {
        models.add(arg);
      } else if (!known.contains(arg)) {
        throw new IllegalArgumentException(
            "unknown option " + arg + "; there are " + String.join(", ", known));
      } else if (!rest.hasNext()) {
        throw new IllegalArgumentException(arg + " needs a value");
      } else {
        values.put(arg, rest.next());
      }
    }
    return new Arguments(models, values);
  }

  public String text(String option, String otherwise) {
    return values.getOrDefault(option, otherwise);
  }

  /** An option's texts, with commas between them. */
  public List<String> texts(String option, String otherwise) {
    return List.of(text(option, otherwise).split(",", -1));
  }

  public int number(String option, int otherwise) {
    String value = values.get(option);
    return value == null ? otherwise : Integer.parseInt(value);
  }

  /** The folder that has {@code bench}. */
  public static Path project() {
    return Path.of(System.getProperty("hadal.project", ".")).toAbsolutePath().normalize();
  }
}
