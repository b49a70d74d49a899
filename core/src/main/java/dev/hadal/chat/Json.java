package dev.hadal.chat;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON to and from plain maps, lists, strings, numbers, booleans and null. */
final class Json {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};

  private Json() {}

  static Map<String, Object> fields(JsonNode object) {
    return MAPPER.convertValue(object, FIELDS);
  }

  static @Nullable Object plain(JsonNode node) {
    return MAPPER.convertValue(node, Object.class);
  }

  static String write(Object plain) {
    return MAPPER.writeValueAsString(plain);
  }

  /** The object that the text holds, or null where it holds anything else. */
  static @Nullable Map<String, Object> objectOrNull(String text) {
    try {
      return MAPPER.readTree(text).isObject() ? MAPPER.readValue(text, FIELDS) : null;
    } catch (JacksonException e) {
      return null;
    }
  }
}
