package dev.hadal.grammar;

import static java.util.stream.Collectors.toSet;

import dev.hadal.grammar.NumberText.Bound;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Schemas as nodes: what several together, which must all hold, let a value be. */
final class SchemaNodes {
  private enum Type {
    NULL,
    BOOLEAN,
    INTEGER,
    NUMBER,
    STRING,
    ARRAY,
    OBJECT
  }

  /** Says nothing of a value. */
  private static final Set<String> REMARKS =
      Set.of(
          "title",
          "description",
          "$comment",
          "default",
          "examples",
          "$schema",
          "$id",
          "$anchor",
          "$defs",
          "definitions",
          "deprecated",
          "readOnly",
          "writeOnly");

  /** Says of a value only what is looked at beside {@code enum} anyway. */
  private static final Set<String> BESIDE_ENUM =
      Stream.concat(REMARKS.stream(), Stream.of("type", "enum", "const")).collect(toSet());

  private final Algebra algebra;
  private final JsonText json;
  private final SchemaDocument document;
  private final Alternatives alternatives;
  private final StringNodes strings;
  private final ArrayNodes arrays;
  private final ObjectNodes objects;
  private final NumberText numbers;
  private final Map<Set<String>, Entry> known = new HashMap<>();

  /** A value being made or made. */
  private static final class Entry {
    @Nullable Node node;
    @Nullable Node rule;
  }

  SchemaNodes(Algebra algebra, SchemaDocument document) {
    this.algebra = algebra;
    this.json = new JsonText(algebra);
    this.document = document;
    this.alternatives = new Alternatives(document, all -> of(all) == algebra.none);
    this.strings = new StringNodes(json);
    this.arrays = new ArrayNodes(json, this::of);
    this.objects = new ObjectNodes(json, strings, this::of);
    this.numbers = new NumberText(algebra);
  }

  /** A value for which all of several schemas hold; {@link Algebra#none} if there is none. */
  Node of(List<Sub> all) {
    Set<String> key = new TreeSet<>();
    all.forEach(sub -> key.add(sub.key()));
    Entry entry = known.get(key);
    if (entry == null) {
      entry = new Entry();
      known.put(key, entry);
      Node node = made(all);
      if (entry.rule != null) {
        algebra.define(entry.rule, node);
        node = node == algebra.none ? node : entry.rule;
      }
      entry.node = node;
      return node;
    }
    if (entry.node != null) {
      return entry.node;
    }
    Node rule = entry.rule;
    if (rule == null) {
      rule = algebra.rule(String.join(" and ", key));
      entry.rule = rule;
    }
    return rule;
  }

  private Node made(List<Sub> all) {
    List<Node> ways = new ArrayList<>();
    for (List<Sub> parts : alternatives.of(all)) {
      ways.add(flat(parts));
    }
    return algebra.alt(ways);
  }

  private Node flat(List<Sub> parts) {
    Set<Type> types = EnumSet.allOf(Type.class);
    boolean enumerated = false;
    boolean bare = true;
    for (Sub part : parts) {
      if (part.has("type")) {
        types.retainAll(types(part));
      }
      enumerated |= part.has("enum") || part.has("const");
      bare &= BESIDE_ENUM.containsAll(part.schema().propertyNames());
    }
    if (enumerated) {
      return enumerated(parts, types, bare);
    }
    if (parts.stream().allMatch(p -> REMARKS.containsAll(p.schema().propertyNames()))) {
      return json.value(JsonMode.MAX_DEPTH);
    }
    List<Node> ways = new ArrayList<>();
    for (Type type : types) {
      ways.add(
          switch (type) {
            case NULL -> algebra.text("null");
            case BOOLEAN -> json.bool();
            case INTEGER -> types.contains(Type.NUMBER) ? algebra.none : number(parts, true);
            case NUMBER -> number(parts, false);
            case STRING -> strings.of(parts);
            case ARRAY -> arrays.of(parts);
            case OBJECT -> objects.of(parts);
          });
    }
    return algebra.alt(ways);
  }

  private static Set<Type> types(Sub part) {
    JsonNode value = part.get("type");
    List<JsonNode> names = value.isArray() ? List.copyOf(value.values()) : List.of(value);
    Set<Type> result = EnumSet.noneOf(Type.class);
    for (JsonNode name : names) {
      try {
        result.add(Type.valueOf(name.asString("").toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        throw new UnsupportedSchemaException(
            "type",
            part.at("type"),
            "is " + name + "; known are null, boolean, integer, number, string, array and object");
      }
    }
    if (result.contains(Type.NUMBER)) {
      result.add(Type.INTEGER);
    }
    return result;
  }

  private Node enumerated(List<Sub> parts, Set<Type> types, boolean bare) {
    List<JsonNode> candidates = new ArrayList<>();
    boolean begun = false;
    for (Sub part : parts) {
      for (String keyword : new String[] {"enum", "const"}) {
        if (part.has(keyword)) {
          List<JsonNode> own =
              keyword.equals("const")
                  ? List.of(part.get("const"))
                  : List.copyOf(part.get("enum").values());
          if (!begun) {
            candidates.addAll(own);
          } else {
            candidates.removeIf(
                c -> own.stream().noneMatch(o -> json.literal(o) == json.literal(c)));
          }
          begun = true;
        }
      }
    }
    candidates.removeIf(value -> !types.contains(typeOf(value)));
    if (!bare && !candidates.isEmpty()) {
      candidates.removeIf(SchemaNodes.within(document, parts).negate());
    }
    return algebra.alt(candidates.stream().map(json::literal).toList());
  }

  /** Whether a value satisfies what else is said beside its being listed. */
  private static Predicate<JsonNode> within(SchemaDocument document, List<Sub> parts) {
    List<Sub> others =
        parts.stream()
            .map(p ->
                p.without(
                        "enum",
                        "const",
                        "allOf",
                        "anyOf",
                        "oneOf",
                        "not",
                        "$ref",
                        "if",
                        "dependentRequired",
                        "dependentSchemas")
                    .with(Sub.Extras.ALLOWED))
            .toList();
    Grammar grammar;
    try {
      grammar = Grammar.of(algebra -> new SchemaNodes(algebra, document).of(others));
    } catch (UnsupportedSchemaException e) {
      throw e;
    } catch (IllegalArgumentException impossible) {
      return value -> false;
    }
    return value -> grammar.matches(Canonical.text(value, others));
  }

  private static Type typeOf(JsonNode value) {
    return switch (value.getNodeType()) {
      case NULL -> Type.NULL;
      case BOOLEAN -> Type.BOOLEAN;
      case STRING -> Type.STRING;
      case ARRAY -> Type.ARRAY;
      case NUMBER ->
          value.decimalValue().stripTrailingZeros().scale() <= 0 ? Type.INTEGER : Type.NUMBER;
      default -> Type.OBJECT;
    };
  }

  private Node number(List<Sub> parts, boolean integer) {
    @Nullable Bound low = null;
    @Nullable Bound high = null;
    int fraction = integer ? 0 : JsonText.MAX_DIGITS;
    boolean bounded = false;
    for (Sub part : parts) {
      low =
          Bound.higher(low, Bound.higher(bound(part, "minimum"), bound(part, "exclusiveMinimum")));
      high =
          Bound.lower(high, Bound.lower(bound(part, "maximum"), bound(part, "exclusiveMaximum")));
      if (part.has("multipleOf")) {
        fraction = Math.min(fraction, decimals(part));
        bounded = true;
      }
    }
    if (!bounded && low == null && high == null) {
      return integer ? json.integer() : json.number();
    }
    return strings.live(numbers.between(low, high, fraction));
  }

  private static @Nullable Bound bound(Sub part, String keyword) {
    if (!part.has(keyword)) {
      return null;
    }
    JsonNode value = part.get(keyword);
    if (!value.isNumber()) {
      throw new UnsupportedSchemaException(
          keyword, part.at(keyword), "is " + value + "; a bound is a number");
    }
    Bound bound = new Bound(value.decimalValue(), keyword.startsWith("exclusive"));
    if (bound.isTooLong()) {
      throw new UnsupportedSchemaException(
          keyword, part.at(keyword), "is " + value + ", which has too many digits to count in");
    }
    return bound;
  }

  /** The digits behind the point that a multiple of 1, 0.1, 0.01 ... has. */
  private static int decimals(Sub part) {
    JsonNode value = part.get("multipleOf");
    if (value.isNumber()) {
      BigDecimal step = value.decimalValue().stripTrailingZeros();
      if (step.unscaledValue().equals(BigInteger.ONE) && step.scale() >= 0) {
        return step.scale();
      }
    }
    throw new UnsupportedSchemaException(
        "multipleOf",
        part.at("multipleOf"),
        "is " + value + "; only 1, 0.1, 0.01 and so on can be enforced");
  }
}
