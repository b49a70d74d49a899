package dev.hadal.chat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model's wish to call a tool.
 *
 * @param argumentsJson the arguments as JSON text, an object where the model kept to the form
 */
public record ToolCall(String id, String name, String argumentsJson) {
  /** The call as the OpenAI API words it. */
  Map<String, Object> fields() {
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("name", name);
    function.put("arguments", argumentsJson);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", id);
    fields.put("type", "function");
    fields.put("function", function);
    return fields;
  }

  /** Reads the OpenAI form; arguments given as an object become JSON text. */
  static ToolCall of(Map<?, ?> fields) {
    Map<?, ?> function = fields.get("function") instanceof Map<?, ?> inner ? inner : fields;
    Object arguments = function.get("arguments");
    String json =
        arguments instanceof String text ? text : arguments == null ? "{}" : Json.write(arguments);
    return new ToolCall(text(fields.get("id")), text(function.get("name")), json);
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }
}
