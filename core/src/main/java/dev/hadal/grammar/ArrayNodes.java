package dev.hadal.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** What schemas together say of an array. */
final class ArrayNodes {
  private final JsonText json;
  private final Algebra algebra;
  private final Function<List<Sub>, Node> values;

  /**
   * @param values what schemas together say of a value
   */
  ArrayNodes(JsonText json, Function<List<Sub>, Node> values) {
    this.json = json;
    this.algebra = json.algebra;
    this.values = values;
  }

  Node of(List<Sub> parts) {
    int min = 0;
    int max = -1;
    int prefix = 0;
    for (Sub part : parts) {
      min = Math.max(min, Keywords.count(part, "minItems", 0));
      max = least(max, Keywords.count(part, "maxItems", -1));
      prefix = Math.max(prefix, prefixOf(part).size());
    }
    List<Node> items = new ArrayList<>();
    for (int i = 0; i < prefix && (max < 0 || i < max); i++) {
      Node item = item(parts, i);
      if (item == algebra.none) {
        max = least(max, i);
      } else {
        items.add(item);
      }
    }
    Node tail = max >= 0 && max <= prefix ? algebra.none : item(parts, prefix);
    if (tail == algebra.none) {
      max = least(max, items.size());
    }
    if (max >= 0 && min > max) {
      return algebra.none;
    }
    Node close = algebra.byteOf(']');
    Node end = algebra.seq(json.whitespace, close);
    int known = items.size();
    Node after = tail(tail, known, min, max, end);
    for (int i = known - 1; i >= 0; i--) {
      Node stop = i == 0 ? close : end;
      Node go = algebra.seq(i == 0 ? algebra.empty : json.comma(), items.get(i), after);
      after = i >= min ? algebra.alt(stop, go) : go;
    }
    return algebra.seq(algebra.byteOf('['), json.whitespace, after);
  }

  /** What comes when {@code known} items are written, to the closing bracket. */
  private Node tail(Node tail, int known, int min, int max, Node end) {
    int more = max < 0 ? -1 : max - known;
    Node next = algebra.seq(json.comma(), tail);
    if (known > 0) {
      return algebra.seq(algebra.repeat(next, Math.max(0, min - known), more), end);
    }
    Node some =
        more == 0
            ? algebra.none
            : algebra.seq(
                tail, algebra.repeat(next, Math.max(0, min - 1), more < 0 ? -1 : more - 1), end);
    return min == 0 ? algebra.alt(algebra.byteOf(']'), some) : some;
  }

  private Node item(List<Sub> parts, int index) {
    List<Sub> subs = new ArrayList<>();
    for (Sub part : parts) {
      JsonNode prefix = prefixOf(part);
      if (index < prefix.size()) {
        String keyword = part.has("prefixItems") ? "prefixItems" : "items";
        subs.add(part.child(prefix.get(index), keyword, Integer.toString(index)));
        continue;
      }
      for (String keyword : new String[] {"items", "additionalItems", "unevaluatedItems"}) {
        boolean list = keyword.equals("items") && part.get(keyword).isArray();
        if (part.has(keyword) && !list) {
          subs.add(part.child(part.get(keyword), keyword));
          break;
        }
      }
    }
    return values.apply(subs);
  }

  /** Older drafts write the first items as a list under {@code items}. */
  private static JsonNode prefixOf(Sub part) {
    return part.has("prefixItems") || !part.get("items").isArray()
        ? part.get("prefixItems")
        : part.get("items");
  }

  private static int least(int a, int b) {
    return a < 0 ? b : b < 0 ? a : Math.min(a, b);
  }
}
