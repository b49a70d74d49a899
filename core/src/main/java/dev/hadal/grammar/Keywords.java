package dev.hadal.grammar;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** What becomes of each keyword of JSON Schema 2020-12. */
final class Keywords {
  static final List<String> ENFORCED =
      List.of(
          "$anchor",
          "$defs",
          "$id",
          "$ref",
          "additionalProperties",
          "allOf",
          "anyOf",
          "const",
          "definitions",
          "dependentRequired",
          "dependentSchemas",
          "else",
          "enum",
          "exclusiveMaximum",
          "exclusiveMinimum",
          "format",
          "if",
          "items",
          "maxItems",
          "maxLength",
          "maxProperties",
          "maximum",
          "minItems",
          "minLength",
          "minProperties",
          "minimum",
          "multipleOf",
          "not",
          "oneOf",
          "pattern",
          "patternProperties",
          "prefixItems",
          "properties",
          "propertyNames",
          "required",
          "then",
          "type",
          "unevaluatedItems",
          "unevaluatedProperties");

  /** Refused wherever they would mean something, with the reason. */
  private static final Map<String, String> REFUSED =
      Map.of(
          "contains", "cannot be enforced; describe every item with 'items' and 'prefixItems'",
          "uniqueItems", "cannot be enforced while a text is written; leave it out and check after",
          "$dynamicRef", "is not followed; use '$ref'",
          "$recursiveRef", "is not followed; use '$ref'",
          "dependencies", "is of an older draft; use 'dependentRequired' or 'dependentSchemas'");

  /** What makes it impossible to say what a property or item was not yet judged by. */
  private static final List<String> APPLICATORS =
      List.of("allOf", "anyOf", "oneOf", "$ref", "if", "dependentSchemas", "not");

  private Keywords() {}

  static List<String> refused() {
    return REFUSED.keySet().stream().sorted().toList();
  }

  /**
   * @throws UnsupportedSchemaException if a schema says what cannot be enforced
   */
  static void check(Sub sub) {
    for (Map.Entry<String, String> refused : REFUSED.entrySet()) {
      String keyword = refused.getKey();
      if (sub.has(keyword) && !isTrivial(sub, keyword)) {
        throw new UnsupportedSchemaException(keyword, sub.at(keyword), refused.getValue());
      }
    }
    for (String keyword : Set.of("unevaluatedProperties", "unevaluatedItems")) {
      boolean trivial = sub.get(keyword).isBoolean() && sub.get(keyword).booleanValue();
      if (sub.has(keyword) && !trivial && APPLICATORS.stream().anyMatch(sub.schema()::has)) {
        throw new UnsupportedSchemaException(
            keyword,
            sub.at(keyword),
            "cannot be enforced beside " + APPLICATORS + "; say it where the properties are named");
      }
    }
  }

  private static boolean isTrivial(Sub sub, String keyword) {
    return switch (keyword) {
      case "uniqueItems" ->
          (sub.get(keyword).isBoolean() && !sub.get(keyword).booleanValue())
              || (sub.get("maxItems").isNumber() && sub.get("maxItems").doubleValue() < 2);
      case "contains" ->
          sub.get("minContains").isNumber()
              && sub.get("minContains").doubleValue() == 0
              && !sub.has("maxContains");
      default -> false;
    };
  }

  /** A count, such as of {@code minItems}. */
  static int count(Sub sub, String keyword, int otherwise) {
    if (!sub.has(keyword)) {
      return otherwise;
    }
    double value = sub.get(keyword).isNumber() ? sub.get(keyword).doubleValue() : -1;
    if (value < 0 || value != Math.rint(value)) {
      throw new UnsupportedSchemaException(
          keyword,
          sub.at(keyword),
          "is " + sub.get(keyword) + "; a count is a whole number from 0");
    }
    return (int) Math.min(value, Integer.MAX_VALUE / 2.0);
  }
}
