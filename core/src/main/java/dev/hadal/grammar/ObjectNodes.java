package dev.hadal.grammar;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What schemas together say of an object: the properties they name in the order in which they name
 * them, each at most once, then those they only describe.
 */
final class ObjectNodes {
  private static final int MAX_PATTERNS = 4;

  private final JsonText json;
  private final Algebra algebra;
  private final StringNodes strings;
  private final Function<List<Sub>, Node> values;

  /**
   * @param values what schemas together say of a value
   */
  ObjectNodes(JsonText json, StringNodes strings, Function<List<Sub>, Node> values) {
    this.json = json;
    this.algebra = json.algebra;
    this.strings = strings;
    this.values = values;
  }

  private record Property(Node member, boolean required) {}

  Node of(List<Sub> parts) {
    Set<String> names = new LinkedHashSet<>();
    Set<String> required = new LinkedHashSet<>();
    Map<String, Node> patterns = new LinkedHashMap<>();
    List<Node> keys = new ArrayList<>();
    for (Sub part : parts) {
      names.addAll(part.has("properties") ? part.get("properties").propertyNames() : List.of());
      if (part.has("required")) {
        part.get("required").values().forEach(name -> required.add(name.asString()));
      }
      if (part.has("patternProperties")) {
        for (String pattern : part.get("patternProperties").propertyNames()) {
          patterns.put(pattern, json.string(strings.pattern(part, "patternProperties", pattern)));
        }
      }
      if (part.has("propertyNames")) {
        keys.add(
            values.apply(
                List.of(part.child(part.get("propertyNames"), "propertyNames"), text(part))));
      }
    }
    names.addAll(required);
    List<Property> properties = new ArrayList<>();
    for (String name : names) {
      boolean allowed = keys.stream().allMatch(key -> strings.accepts(key, name));
      Node value = allowed ? value(parts, name, matching(patterns, name)) : algebra.none;
      boolean must = required.contains(name);
      if (value == algebra.none && must) {
        return algebra.none;
      }
      if (value != algebra.none) {
        properties.add(new Property(json.member(json.string(name), value), must));
      }
    }
    return counted(parts, properties, others(parts, names, patterns, keys));
  }

  private static Sub text(Sub part) {
    return part.child(JsonNodeFactory.instance.objectNode().put("type", "string"), "a name");
  }

  private Set<String> matching(Map<String, Node> patterns, String name) {
    Set<String> result = new LinkedHashSet<>();
    patterns.forEach((pattern, node) -> {
      if (strings.accepts(node, name)) {
        result.add(pattern);
      }
    });
    return result;
  }

  /**
   * What a property's value must be.
   *
   * @param name null for one that no schema names
   * @param matching the patterns its name matches
   */
  private Node value(List<Sub> parts, @Nullable String name, Set<String> matching) {
    List<Sub> subs = new ArrayList<>();
    boolean closed = false;
    boolean open = false;
    for (Sub part : parts) {
      int before = subs.size();
      if (name != null && part.has("properties") && part.get("properties").has(name)) {
        subs.add(part.child(part.get("properties").path(name), "properties", name));
      }
      if (part.has("patternProperties")) {
        part.get("patternProperties")
            .properties()
            .forEach(p -> {
              if (matching.contains(p.getKey())) {
                subs.add(part.child(p.getValue(), "patternProperties", p.getKey()));
              }
            });
      }
      boolean spoken = subs.size() > before;
      String others = othersOf(part);
      if (!spoken && !others.isEmpty()) {
        subs.add(part.child(part.get(others), others));
      }
      // Properties beyond those named are forbidden by all who forbid together, see Sub.Extras.
      if (part.extras() == Sub.Extras.FORBIDDEN) {
        open |= spoken || !others.isEmpty();
        closed |= names(part);
      }
    }
    return closed && !open ? algebra.none : values.apply(subs);
  }

  private static String othersOf(Sub part) {
    return part.has("additionalProperties")
        ? "additionalProperties"
        : part.has("unevaluatedProperties") ? "unevaluatedProperties" : "";
  }

  private static boolean names(Sub part) {
    return (part.has("properties") && !part.get("properties").isEmpty())
        || part.has("patternProperties");
  }

  /** A member whose name no schema names. */
  private Node others(
      List<Sub> parts, Set<String> names, Map<String, Node> patterns, List<Node> keys) {
    if (patterns.size() > MAX_PATTERNS) {
      Sub part = parts.stream().filter(p -> p.has("patternProperties")).findFirst().orElseThrow();
      throw new UnsupportedSchemaException(
          "patternProperties",
          part.at("patternProperties"),
          "has with its like more than " + MAX_PATTERNS + " patterns; have fewer");
    }
    boolean unwritten =
        parts.stream().anyMatch(p -> p.extras() == Sub.Extras.UNWRITTEN && names(p))
            && parts.stream().allMatch(p -> othersOf(p).isEmpty());
    List<String> all = List.copyOf(patterns.keySet());
    List<Node> members = new ArrayList<>();
    for (int bits = 0; bits < 1 << all.size(); bits++) {
      if (bits == 0 && unwritten) {
        continue;
      }
      Set<String> matching = new LinkedHashSet<>();
      List<Node> conditions = new ArrayList<>(keys);
      for (int i = 0; i < all.size(); i++) {
        Node pattern = patterns.getOrDefault(all.get(i), algebra.none);
        if ((bits >> i & 1) != 0) {
          matching.add(all.get(i));
          conditions.add(pattern);
        } else {
          conditions.add(algebra.not(pattern));
        }
      }
      if (!names.isEmpty()) {
        conditions.add(algebra.not(algebra.alt(names.stream().map(json::string).toList())));
      }
      Node key = json.anyString();
      if (!conditions.isEmpty()) {
        conditions.add(json.string(algebra.star(json.canonicalChar())));
        key = strings.live(algebra.group(algebra.and(conditions)));
      }
      if (key != algebra.none) {
        members.add(json.member(key, value(parts, null, matching)));
      }
    }
    return algebra.alt(members);
  }

  private Node counted(List<Sub> parts, List<Property> properties, Node others) {
    int min = 0;
    int max = -1;
    for (Sub part : parts) {
      min = Math.max(min, Keywords.count(part, "minProperties", 0));
      int most = Keywords.count(part, "maxProperties", -1);
      max = max < 0 ? most : most < 0 ? max : Math.min(max, most);
    }
    int must = (int) properties.stream().filter(Property::required).count();
    int can = others == algebra.none ? properties.size() : Integer.MAX_VALUE;
    if (min > can || (max >= 0 && max < must) || (max >= 0 && min > max)) {
      return algebra.none;
    }
    if (min > 1 && min > must && others != algebra.none) {
      Sub part = parts.stream().filter(p -> p.has("minProperties")).findFirst().orElseThrow();
      throw new UnsupportedSchemaException(
          "minProperties",
          part.at("minProperties"),
          "cannot be enforced where names are free, since one may be written twice; name the"
              + " properties, or ask for 1");
    }
    boolean counting = min > must || (max >= 0 && max < can);
    Members members = new Members(properties, others, counting ? min : 0, counting ? max : -1);
    return algebra.seq(algebra.byteOf('{'), json.whitespace, members.from(0, 0, true));
  }

  /** The members of one object from one on, to the closing brace. */
  private final class Members {
    private final List<Property> properties;
    private final Node others;
    private final int min;
    private final int max;
    private final Map<List<Object>, Node> known = new LinkedHashMap<>();

    Members(List<Property> properties, Node others, int min, int max) {
      this.properties = properties;
      this.others = others;
      this.min = min;
      this.max = max;
    }

    /**
     * @param count how many are written, if that matters
     * @param first whether none is
     */
    Node from(int index, int count, boolean first) {
      List<Object> key = List.of(index, count, first);
      Node made = known.get(key);
      if (made == null) {
        made = index == properties.size() ? rest(count, first) : member(index, count, first);
        known.put(key, made);
      }
      return made;
    }

    private Node member(int index, int count, boolean first) {
      Property property = properties.get(index);
      boolean counts = min > 0 || max >= 0;
      Node taken = algebra.none;
      if (max < 0 || count < max) {
        taken =
            algebra.seq(
                first ? algebra.empty : json.comma(),
                property.member,
                from(index + 1, counts ? count + 1 : 0, false));
      }
      return property.required ? taken : algebra.alt(taken, from(index + 1, count, first));
    }

    private Node rest(int count, boolean first) {
      Node close = algebra.byteOf('}');
      Node end = first ? close : algebra.seq(json.whitespace, close);
      int most = max < 0 ? -1 : max - count;
      Node stop = count >= min ? end : algebra.none;
      if (others == algebra.none || most == 0) {
        return stop;
      }
      Node next = algebra.seq(json.comma(), others);
      Node more =
          algebra.seq(
              first ? others : next,
              algebra.repeat(next, Math.max(0, min - count - 1), most < 0 ? -1 : most - 1),
              json.whitespace,
              close);
      return algebra.alt(stop, more);
    }
  }
}
