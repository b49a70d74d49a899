package dev.hadal.app.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What people hand to a command: text and JSON, from a file or standard input. */
final class Inputs {
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  private Inputs() {}

  /** All of standard input, as UTF-8. */
  static String text(Io io) throws IOException {
    return new String(io.in().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** A prompt typed into a pipe: the line break that {@code echo} adds is not part of it. */
  static String prompt(Io io) throws IOException {
    String text = text(io);
    int end = text.length();
    if (end > 0 && text.charAt(end - 1) == '\n') {
      end -= end > 1 && text.charAt(end - 2) == '\r' ? 2 : 1;
    }
    return text.substring(0, end);
  }

  /**
   * The JSON object in a file, or in standard input where the name is {@code -}.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Map<String, Object> json(Io io, String name) throws IOException {
    byte[] bytes = name.equals("-") ? io.in().readAllBytes() : Files.readAllBytes(Path.of(name));
    try {
      Map<String, Object> object = JsonMapper.shared().readValue(bytes, OBJECT);
      if (object != null) {
        return object;
      }
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          name + ": a JSON object is expected; " + e.getOriginalMessage(), e);
    }
    throw new IllegalArgumentException(name + ": a JSON object is expected, there is null");
  }
}
