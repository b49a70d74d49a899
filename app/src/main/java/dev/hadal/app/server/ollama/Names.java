package dev.hadal.app.server.ollama;

import dev.hadal.app.models.ModelPool;
import dev.hadal.app.models.UnknownModelException;
import dev.hadal.app.server.Fields;

/** Names as Ollama writes them: without a tag, {@code latest} is meant. */
final class Names {
  private static final String LATEST = ":latest";

  private Names() {}

  /** The name a request gives, in {@code model} or, as older clients do, in {@code name}. */
  static String asked(Fields fields) {
    String name =
        fields.has("model") ? fields.requiredText("model") : fields.text("name").orElse("");
    if (name.isBlank()) {
      throw fields.wrong("model", "a model's name");
    }
    return name;
  }

  /**
   * The name that the model has here.
   *
   * @throws UnknownModelException if there is none of that name
   */
  static String known(ModelPool pool, String asked) {
    String other =
        asked.endsWith(LATEST)
            ? asked.substring(0, asked.length() - LATEST.length())
            : asked + LATEST;
    try {
      pool.entry(asked);
      return asked;
    } catch (UnknownModelException e) {
      if (isKnown(pool, other)) {
        return other;
      }
      throw e;
    }
  }

  private static boolean isKnown(ModelPool pool, String name) {
    try {
      pool.entry(name);
      return true;
    } catch (IllegalArgumentException e) {
      return false; // what was asked for is the better name to complain about
    }
  }

  /** With its tag, as lists show it. */
  static String tagged(String name) {
    return name.indexOf(':', name.lastIndexOf('/') + 1) < 0 ? name + LATEST : name;
  }
}
