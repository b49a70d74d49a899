package dev.hadal.app.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** A template's variables as people type them. */
final class Variables {
  private Variables() {}

  /** {@code true}, {@code 3}, {@code [1]} are what JSON says they are; all else is text. */
  static Map<String, Object> parse(Map<String, String> given) {
    Map<String, Object> parsed = new LinkedHashMap<>();
    given.forEach((name, value) -> parsed.put(name, value(value)));
    return parsed;
  }

  private static Object value(String text) {
    try {
      Object json = JsonMapper.shared().readValue(text, Object.class);
      return json == null ? text : json;
    } catch (JacksonException e) {
      return text;
    }
  }
}
