package dev.hadal.app.store;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The records of this package as JSON: {@code snake_case}, nulls written. */
public final class Wire {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .changeDefaultVisibility(by -> by.withIsGetterVisibility(JsonAutoDetect.Visibility.NONE))
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private static final SecureRandom RANDOM = new SecureRandom();

  private Wire() {}

  /** A record as a JSON object. */
  public static ObjectNode json(Object value) {
    return (ObjectNode) node(value);
  }

  /** Anything as JSON: a record, a list of such. */
  public static JsonNode node(Object value) {
    return MAPPER.valueToTree(value);
  }

  /** A record from the JSON that {@link #json} made. */
  public static <T> T read(JsonNode json, Class<T> type) {
    return MAPPER.treeToValue(json, type);
  }

  /** An empty object. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static @Nullable String text(@Nullable Object value) {
    return value == null ? null : MAPPER.writeValueAsString(value);
  }

  static <T> @Nullable T parse(@Nullable String json, Class<T> type) {
    return json == null ? null : MAPPER.readValue(json, type);
  }

  /** A new id that nobody guesses, such as {@code c_8fK2...}. */
  public static String id(String kind) {
    byte[] bytes = new byte[9];
    RANDOM.nextBytes(bytes);
    return kind + "_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
