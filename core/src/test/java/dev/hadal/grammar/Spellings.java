package dev.hadal.grammar;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The spellings of a value: its properties in every order, at most a thousand of them. */
final class Spellings {
  private static final int MAX = 1000;

  private Spellings() {}

  static List<String> of(JsonNode value) {
    if (value.isArray()) {
      List<String> heads = List.of("");
      for (JsonNode item : value.values()) {
        heads = joined(heads, of(item));
      }
      return heads.stream().map(h -> "[" + h + "]").toList();
    }
    if (value.isObject()) {
      List<String> result = new ArrayList<>();
      orders(List.copyOf(value.propertyNames()), new ArrayList<>(), value, result);
      return result;
    }
    return List.of(Canonical.text(value));
  }

  private static void orders(
      List<String> left, List<String> taken, JsonNode value, List<String> result) {
    if (left.isEmpty()) {
      List<String> heads = List.of("");
      for (String name : taken) {
        String key = JsonNodeFactory.instance.stringNode(name) + ":";
        heads = joined(heads, of(value.get(name)).stream().map(v -> key + v).toList());
      }
      heads.forEach(h -> result.add("{" + h + "}"));
      return;
    }
    for (String name : left) {
      if (result.size() < MAX) {
        List<String> rest = new ArrayList<>(left);
        rest.remove(name);
        List<String> next = new ArrayList<>(taken);
        next.add(name);
        orders(rest, next, value, result);
      }
    }
  }

  private static List<String> joined(List<String> heads, List<String> tails) {
    List<String> result = new ArrayList<>();
    for (String head : heads) {
      for (String tail : tails) {
        if (result.size() < MAX) {
          result.add(head.isEmpty() ? tail : head + "," + tail);
        }
      }
    }
    return result;
  }
}
