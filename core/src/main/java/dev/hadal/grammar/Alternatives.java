package dev.hadal.grammar;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes schemas that must all hold apart into alternatives that are free of references, {@code
 * allOf}, {@code anyOf}, {@code oneOf}, conditions and {@code not}: one of them holds.
 */
final class Alternatives {
  private static final int MAX_ALTERNATIVES = 512;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** What changes when branches of {@code oneOf} are compared. */
  private static final Set<String> INERT =
      Set.of(
          "type",
          "title",
          "description",
          "$comment",
          "default",
          "examples",
          "$schema",
          "$defs",
          "definitions",
          "$id",
          "discriminator");

  private final SchemaDocument document;
  private final Predicate<List<Sub>> impossible;

  /**
   * @param impossible whether surely no value satisfies all of several schemas
   */
  Alternatives(SchemaDocument document, Predicate<List<Sub>> impossible) {
    this.document = document;
    this.impossible = impossible;
  }

  List<List<Sub>> of(List<Sub> all) {
    List<List<Sub>> result = new ArrayList<>();
    expand(all, new LinkedHashSet<>(), result);
    return result;
  }

  private void expand(List<Sub> todo, Set<Sub> done, List<List<Sub>> result) {
    if (todo.isEmpty()) {
      result.add(List.copyOf(done));
      return;
    }
    Sub sub = todo.getFirst();
    List<Sub> next = new ArrayList<>(todo.subList(1, todo.size()));
    JsonNode schema = sub.schema();
    if (schema.isBoolean()) {
      if (schema.booleanValue()) {
        expand(next, done, result);
      }
      return;
    }
    if (!schema.isObject()) {
      throw new UnsupportedSchemaException(
          sub.pointer().substring(sub.pointer().lastIndexOf('/') + 1),
          sub.pointer(),
          "is " + schema.getNodeType() + "; a schema is an object, true or false");
    }
    if (done.contains(sub)) {
      expand(next, done, result);
      return;
    }
    Keywords.check(sub);
    Set<Sub> more = new LinkedHashSet<>(done);
    more.add(sub);
    if (sub.has("$ref")) {
      next.add(document.follow(sub));
    }
    if (sub.has("allOf")) {
      next.addAll(branches(sub, "allOf"));
    }
    choose(choices(sub, done.isEmpty() && todo.size() == 1), 0, next, more, result);
  }

  private void choose(
      List<List<List<Sub>>> choices,
      int from,
      List<Sub> todo,
      Set<Sub> done,
      List<List<Sub>> result) {
    if (from == choices.size()) {
      expand(todo, done, result);
      return;
    }
    for (List<Sub> way : choices.get(from)) {
      List<Sub> more = new ArrayList<>(todo);
      more.addAll(way);
      choose(choices, from + 1, more, done, result);
      if (result.size() > MAX_ALTERNATIVES) {
        Sub first = done.iterator().next();
        throw new UnsupportedSchemaException(
            "anyOf",
            first.pointer(),
            "and its like multiply to more than " + MAX_ALTERNATIVES + " alternatives; have fewer");
      }
    }
  }

  /** Each choice is a list of ways, and each way a list of schemas that must hold too. */
  private List<List<List<Sub>>> choices(Sub sub, boolean alone) {
    List<List<List<Sub>>> choices = new ArrayList<>();
    if (sub.has("anyOf")) {
      choices.add(branches(sub, "anyOf").stream().map(List::of).toList());
    }
    if (sub.has("oneOf")) {
      List<Sub> branches = branches(sub, "oneOf");
      checkApart(sub, branches, alone);
      choices.add(branches.stream().map(List::of).toList());
    }
    if (sub.has("not")) {
      choices.add(Negation.of(sub.child(sub.get("not"), "not"), "not", sub));
    }
    if (sub.has("if") && (sub.has("then") || sub.has("else"))) {
      choices.add(condition(sub));
    }
    if (sub.has("dependentRequired")) {
      sub.get("dependentRequired")
          .properties()
          .forEach(p -> {
            ObjectNode required = JSON.objectNode();
            required.putArray("required").add(p.getKey()).addAll(p.getValue().values());
            choices.add(
                depending(
                    sub,
                    p.getKey(),
                    List.of(sub.child(required, "dependentRequired", p.getKey()))));
          });
    }
    if (sub.has("dependentSchemas")) {
      sub.get("dependentSchemas")
          .properties()
          .forEach(p -> {
            ObjectNode required = JSON.objectNode();
            required.putArray("required").add(p.getKey());
            choices.add(
                depending(
                    sub,
                    p.getKey(),
                    List.of(
                        sub.child(required, "dependentSchemas if", p.getKey()),
                        sub.child(p.getValue(), "dependentSchemas", p.getKey()))));
          });
    }
    return choices;
  }

  private static List<List<Sub>> depending(Sub sub, String name, List<Sub> then) {
    ObjectNode absent = JSON.objectNode();
    absent.putObject("properties").put(name, false);
    return List.of(List.of(sub.child(absent, "without", name)), then);
  }

  private static List<List<Sub>> condition(Sub sub) {
    Sub test = sub.child(sub.get("if"), "if");
    List<List<Sub>> ways = new ArrayList<>();
    List<Sub> met = new ArrayList<>(List.of(test));
    if (sub.has("then")) {
      met.add(sub.child(sub.get("then"), "then"));
    }
    ways.add(met);
    for (List<Sub> unmet : Negation.of(test, "if", sub)) {
      List<Sub> way = new ArrayList<>(unmet);
      if (sub.has("else")) {
        way.add(sub.child(sub.get("else"), "else"));
      }
      ways.add(way);
    }
    return ways;
  }

  private static List<Sub> branches(Sub sub, String keyword) {
    JsonNode list = sub.get(keyword);
    if (!list.isArray() || list.isEmpty()) {
      throw new UnsupportedSchemaException(keyword, sub.at(keyword), "is no list of schemas");
    }
    List<Sub> result = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      result.add(sub.child(list.get(i), keyword, Integer.toString(i)));
    }
    return result;
  }

  /** A value that two branches accept satisfies no {@code oneOf}: they must have none in common. */
  private void checkApart(Sub sub, List<Sub> branches, boolean alone) {
    // What is written by one branch has only that branch's properties, if nothing else names some.
    boolean own =
        alone
            && sub.extras() == Sub.Extras.UNWRITTEN
            && sub.schema().propertyNames().stream()
                .allMatch(k -> k.equals("oneOf") || INERT.contains(k));
    Sub around = sub.without("oneOf").with(Sub.Extras.ALLOWED);
    for (int i = 0; i < branches.size(); i++) {
      for (int j = 0; j < branches.size(); j++) {
        if (i == j || (!own && i > j)) {
          continue;
        }
        Sub one = branches.get(i).with(own ? Sub.Extras.FORBIDDEN : Sub.Extras.ALLOWED);
        Sub other = branches.get(j).with(Sub.Extras.ALLOWED);
        if (!impossible.test(List.of(around, one, other))) {
          throw new UnsupportedSchemaException(
              "oneOf",
              sub.at("oneOf"),
              "cannot be enforced: branches %d and %d may accept the same value; give each a required property with a 'const' of its own, or use 'anyOf'"
                  .formatted(Math.min(i, j), Math.max(i, j)));
        }
      }
    }
  }
}
