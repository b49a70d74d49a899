package dev.hadal.grammar;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The opposite of a schema, in the cases where it is a schema again: one of its keywords is not
 * satisfied.
 */
final class Negation {
  /** Our own keyword, which no schema can spell: texts that the value is none of. */
  static final String NONE_OF = "\0noneOf";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Set<String> SILENT =
      Set.of("title", "description", "$comment", "default", "examples", "$schema", "deprecated");
  private static final List<String> TYPES =
      List.of("null", "boolean", "number", "string", "array", "object");

  private Negation() {}

  /**
   * The ways not to satisfy a schema.
   *
   * @param keyword who asks, for the message
   */
  static List<List<Sub>> of(Sub sub, String keyword, Sub owner) {
    if (sub.schema().isBoolean()) {
      return sub.schema().booleanValue() ? List.of() : List.of(List.of());
    }
    List<List<Sub>> ways = new ArrayList<>();
    for (String each : sub.schema().propertyNames()) {
      if (!SILENT.contains(each)) {
        ways.addAll(ways(sub, each, keyword, owner));
      }
    }
    return ways;
  }

  private static List<List<Sub>> ways(Sub sub, String each, String keyword, Sub owner) {
    JsonNode value = sub.get(each);
    return switch (each) {
      case "type" -> List.of(List.of(otherTypes(sub, keyword, owner)));
      case "const" -> List.of(noneOf(sub, List.of(value), keyword, owner));
      case "enum" -> List.of(noneOf(sub, List.copyOf(value.values()), keyword, owner));
      case "not" -> List.of(List.of(sub.child(value, "not")));
      case "minLength" -> opposite(sub, "string", "maxLength", value.asInt() - 1, "minLength");
      case "maxLength" -> opposite(sub, "string", "minLength", value.asInt() + 1, "maxLength");
      case "minItems" -> opposite(sub, "array", "maxItems", value.asInt() - 1, "minItems");
      case "maxItems" -> opposite(sub, "array", "minItems", value.asInt() + 1, "maxItems");
      case "required" -> {
        List<List<Sub>> ways = new ArrayList<>();
        for (JsonNode name : value.values()) {
          ObjectNode absent = JSON.objectNode().put("type", "object");
          absent.putObject("properties").put(name.asString(), false);
          ways.add(List.of(sub.child(absent, "not required", name.asString())));
        }
        yield ways;
      }
      case "properties" -> {
        List<List<Sub>> ways = new ArrayList<>();
        for (String name : value.propertyNames()) {
          ObjectNode other = JSON.objectNode().put("type", "object");
          other.putArray("required").add(name);
          other.putObject("properties").putObject(name).set("not", value.get(name));
          ways.add(List.of(sub.child(other, "not properties", name)));
        }
        yield ways;
      }
      case "minimum" -> bound(sub, each, "exclusiveMaximum");
      case "maximum" -> bound(sub, each, "exclusiveMinimum");
      case "exclusiveMinimum" -> bound(sub, each, "maximum");
      case "exclusiveMaximum" -> bound(sub, each, "minimum");
      default ->
          throw new UnsupportedSchemaException(
              keyword,
              owner.at(keyword),
              "cannot be enforced around '" + each + "'; say what is allowed instead");
    };
  }

  private static List<List<Sub>> bound(Sub sub, String keyword, String opposite) {
    ObjectNode other = JSON.objectNode().put("type", "number");
    other.set(opposite, sub.get(keyword));
    return List.of(List.of(sub.child(other, "not " + keyword)));
  }

  private static List<List<Sub>> opposite(
      Sub sub, String type, String keyword, int value, String not) {
    return value < 0
        ? List.of()
        : List.of(
            List.of(
                sub.child(JSON.objectNode().put("type", type).put(keyword, value), "not " + not)));
  }

  private static Sub otherTypes(Sub sub, String keyword, Sub owner) {
    Set<String> types = new LinkedHashSet<>();
    JsonNode value = sub.get("type");
    if (value.isArray()) {
      value.values().forEach(t -> types.add(t.asString()));
    } else {
      types.add(value.asString());
    }
    if (types.contains("integer") && !types.contains("number")) {
      throw new UnsupportedSchemaException(
          keyword, owner.at(keyword), "cannot be enforced around the type integer");
    }
    ObjectNode other = JSON.objectNode();
    ArrayNode rest = other.putArray("type");
    TYPES.stream().filter(t -> !types.contains(t)).forEach(rest::add);
    return sub.child(other, "not type");
  }

  /** Other values: those of other types, and other texts. */
  private static List<Sub> noneOf(Sub sub, List<JsonNode> values, String keyword, Sub owner) {
    Set<String> types = new LinkedHashSet<>(TYPES);
    ArrayNode texts = JSON.arrayNode();
    for (JsonNode value : values) {
      if (value.isString()) {
        texts.add(value);
      } else if (value.isNull()) {
        types.remove("null");
      } else {
        throw new UnsupportedSchemaException(
            keyword,
            owner.at(keyword),
            "cannot be enforced around the value " + value + ", only around texts");
      }
    }
    ObjectNode other = JSON.objectNode();
    ArrayNode list = other.putArray("type");
    types.forEach(list::add);
    other.set(NONE_OF, texts);
    return List.of(sub.child(other, "not " + values.size() + " values"));
  }
}
