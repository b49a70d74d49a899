package dev.hadal.format;

import java.util.Collection;
import java.util.List;

/** The error for a tensor that is not there. */
final class Missing {
  private Missing() {}

  static FormatException tensor(String file, String name, Collection<String> names) {
    if (names.isEmpty()) {
      return new FormatException(
          file,
          -1,
          "there is no tensor '" + name + "', nor any other: the file holds a vocabulary");
    }
    List<String> near = GgufNames.nearest(name, names);
    return new FormatException(
        file,
        -1,
        "there is no tensor '%s' among its %d%s"
            .formatted(
                name,
                names.size(),
                near.isEmpty() ? "" : "; near it are '" + String.join("', '", near) + "'"));
  }
}
