package dev.hadal.chat;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A tool a model may call, as the OpenAI API words it; templates print it as it was given.
 *
 * @param fields usually {@code {"type": "function", "function": {"name", "description",
 *     "parameters"}}}
 */
public record Tool(Map<String, ? extends @Nullable Object> fields) {
  public Tool {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  /**
   * A function.
   *
   * @param parameters its JSON schema
   */
  public static Tool function(String name, String description, Map<String, Object> parameters) {
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("name", name);
    function.put("description", description);
    function.put("parameters", parameters);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", "function");
    fields.put("function", function);
    return new Tool(fields);
  }

  public String name() {
    return function().get("name") instanceof String text ? text : "";
  }

  public String description() {
    return function().get("description") instanceof String text ? text : "";
  }

  /** The JSON schema of the arguments; empty when the tool has none. */
  public Map<?, ?> parameters() {
    return function().get("parameters") instanceof Map<?, ?> schema ? schema : Map.of();
  }

  private Map<?, ?> function() {
    return fields.get("function") instanceof Map<?, ?> inner ? inner : fields;
  }
}
