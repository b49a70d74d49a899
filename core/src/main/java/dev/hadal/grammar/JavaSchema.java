package dev.hadal.grammar;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON Schema of a Java type: records, sealed interfaces of records, enums, lists, maps with
 * text keys, {@code Optional}, texts, numbers, booleans, dates and times.
 *
 * <p>A component is required unless it is an {@code Optional} or annotated {@code @Nullable}, which
 * may be absent. A sealed interface is told apart by {@code "type"}, the simple name of the record.
 */
public final class JavaSchema {
  /** The property that tells the records of a sealed interface apart. */
  static final String TAG = "type";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Map<Class<?>, String> FORMATS =
      Map.of(
          LocalDate.class, "date",
          OffsetDateTime.class, "date-time",
          Instant.class, "date-time",
          Duration.class, "duration",
          UUID.class, "uuid",
          URI.class, "uri");
  private static final Map<Class<?>, String> PATTERNS =
      Map.of(LocalTime.class, "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$", char.class, "^.$");
  private static final Map<Class<?>, Long> INTEGERS = new HashMap<>();

  static {
    INTEGERS.put(byte.class, (long) Byte.MAX_VALUE);
    INTEGERS.put(short.class, (long) Short.MAX_VALUE);
    INTEGERS.put(int.class, (long) Integer.MAX_VALUE);
    INTEGERS.put(long.class, Long.MAX_VALUE);
  }

  private final ObjectNode definitions = JSON.objectNode();
  private final Map<Class<?>, String> names = new LinkedHashMap<>();

  private JavaSchema() {}

  /**
   * @throws IllegalArgumentException naming a type that has no schema
   */
  public static ObjectNode of(Type type) {
    JavaSchema made = new JavaSchema();
    ObjectNode root = made.schema(type, "the type");
    if (!made.definitions.isEmpty()) {
      root = root.deepCopy();
      root.set("$defs", made.definitions);
    }
    return root;
  }

  private ObjectNode schema(Type type, String where) {
    return switch (type) {
      case Class<?> c when c.isArray() -> list(c.getComponentType(), where);
      case Class<?> c -> plain(c, where);
      case ParameterizedType p when p.getRawType() instanceof Class<?> raw ->
          generic(p, raw, where);
      default -> throw unknown(type, where);
    };
  }

  private ObjectNode generic(ParameterizedType type, Class<?> raw, String where) {
    Type[] of = type.getActualTypeArguments();
    if (raw == Optional.class) {
      return schema(of[0], where);
    }
    if (Collection.class.isAssignableFrom(raw)) {
      return list(of[0], where);
    }
    if (Map.class.isAssignableFrom(raw) && of[0] == String.class) {
      ObjectNode map = typed("object");
      map.set("additionalProperties", schema(of[1], where));
      return map;
    }
    throw unknown(type, where);
  }

  private ObjectNode list(Type of, String where) {
    ObjectNode list = typed("array");
    list.set("items", schema(of, where));
    return list;
  }

  private ObjectNode plain(Class<?> type, String where) {
    Class<?> primitive = unboxed(type);
    Long limit = INTEGERS.get(primitive);
    if (limit != null) {
      return typed("integer").put("minimum", -limit - 1).put("maximum", limit);
    }
    if (primitive == boolean.class) {
      return typed("boolean");
    }
    if (primitive == double.class
        || primitive == float.class
        || type == OptionalDouble.class
        || type == BigDecimal.class) {
      return typed("number");
    }
    if (type == BigInteger.class) {
      return typed("integer");
    }
    String format = FORMATS.get(type);
    String pattern = PATTERNS.get(primitive);
    if (type == String.class || format != null || pattern != null) {
      ObjectNode text = typed("string");
      if (format != null) {
        text.put("format", format);
      }
      return pattern == null ? text : text.put("pattern", pattern);
    }
    if (type.isEnum()) {
      ObjectNode choice = typed("string");
      ArrayNode values = choice.putArray("enum");
      for (Object constant : type.getEnumConstants()) {
        values.add(((Enum<?>) constant).name());
      }
      return choice;
    }
    if (type.isRecord() || type.isSealed()) {
      return reference(type);
    }
    if (JsonNode.class.isAssignableFrom(type) || type == Object.class) {
      return JSON.objectNode();
    }
    throw unknown(type, where);
  }

  private static Class<?> unboxed(Class<?> type) {
    if (type == OptionalInt.class) {
      return int.class;
    }
    if (type == OptionalLong.class) {
      return long.class;
    }
    return java.lang.invoke.MethodType.methodType(type).unwrap().returnType();
  }

  private ObjectNode reference(Class<?> type) {
    String name = names.get(type);
    if (name == null) {
      name = definitions.has(type.getSimpleName()) ? type.getName() : type.getSimpleName();
      names.put(type, name);
      definitions.putObject(name); // so that it may speak of itself
      definitions.set(name, type.isRecord() ? object(type, null) : oneOf(type));
    }
    return JSON.objectNode().put("$ref", "#/$defs/" + name);
  }

  private ObjectNode oneOf(Class<?> type) {
    ObjectNode choice = JSON.objectNode();
    ArrayNode ways = choice.putArray("oneOf");
    for (Class<?> permitted : type.getPermittedSubclasses()) {
      if (permitted.isRecord()) {
        ways.add(object(permitted, permitted.getSimpleName()));
      } else if (permitted.isSealed()) {
        oneOf(permitted).get("oneOf").values().forEach(ways::add);
      } else {
        throw unknown(permitted, type.getSimpleName());
      }
    }
    return choice;
  }

  private ObjectNode object(Class<?> type, @Nullable String tag) {
    ObjectNode object = typed("object");
    ObjectNode properties = object.putObject("properties");
    ArrayNode required = object.putArray("required");
    if (tag != null) {
      properties.putObject(TAG).put("const", tag);
      required.add(TAG);
    }
    for (RecordComponent component : type.getRecordComponents()) {
      properties.set(
          component.getName(),
          schema(component.getGenericType(), type.getSimpleName() + "." + component.getName()));
      if (!mayBeAbsent(component)) {
        required.add(component.getName());
      }
    }
    return object.put("additionalProperties", false);
  }

  private static boolean mayBeAbsent(RecordComponent component) {
    Class<?> type = component.getType();
    return type == Optional.class
        || type == OptionalInt.class
        || type == OptionalLong.class
        || type == OptionalDouble.class
        || component.getAnnotatedType().isAnnotationPresent(Nullable.class);
  }

  private static ObjectNode typed(String type) {
    return JSON.objectNode().put("type", type);
  }

  private static IllegalArgumentException unknown(Type type, String where) {
    return new IllegalArgumentException(
        "%s: %s has no JSON Schema; use records, sealed interfaces of records, enums, lists, maps with String keys, Optional, String, numbers, booleans, dates"
            .formatted(where, type.getTypeName()));
  }
}
