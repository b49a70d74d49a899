package dev.hadal.grammar;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A value as a grammar writes it: compact, numbers without need, properties in a schema's order.
 */
final class Canonical {
  private Canonical() {}

  /** The value's own order inside, the schemas' order at the top. */
  static String text(JsonNode value, List<Sub> schemas) {
    if (!value.isObject()) {
      return text(value);
    }
    Set<String> order = new LinkedHashSet<>();
    for (Sub schema : schemas) {
      order.addAll(schema.get("properties").propertyNames());
    }
    for (Sub schema : schemas) {
      schema.get("required").values().forEach(name -> order.add(name.asString("")));
    }
    order.addAll(value.propertyNames());
    ObjectNode sorted = JsonNodeFactory.instance.objectNode();
    order.stream().filter(value::has).forEach(name -> sorted.set(name, value.get(name)));
    return text(sorted);
  }

  static String text(JsonNode value) {
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  private static void write(JsonNode value, StringBuilder out) {
    String separator = "";
    if (value.isObject()) {
      out.append('{');
      for (String name : value.propertyNames()) {
        out.append(separator).append(JsonNodeFactory.instance.stringNode(name)).append(':');
        write(value.get(name), out);
        separator = ",";
      }
      out.append('}');
    } else if (value.isArray()) {
      out.append('[');
      for (JsonNode item : value.values()) {
        out.append(separator);
        write(item, out);
        separator = ",";
      }
      out.append(']');
    } else {
      out.append(value.isNumber() ? NumberText.canonical(value) : value.toString());
    }
  }
}
