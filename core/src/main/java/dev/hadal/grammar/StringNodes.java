package dev.hadal.grammar;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;

/** What schemas together say of a string. */
final class StringNodes {
  private static final List<String> KEYWORDS =
      List.of("minLength", "maxLength", "pattern", "format", Negation.NONE_OF);

  private final JsonText json;
  private final Algebra algebra;

  StringNodes(JsonText json) {
    this.json = json;
    this.algebra = json.algebra;
  }

  Node of(List<Sub> parts) {
    if (parts.stream().noneMatch(p -> KEYWORDS.stream().anyMatch(p::has))) {
      return json.anyString();
    }
    int min = 0;
    int max = -1;
    List<Node> forms = new ArrayList<>();
    for (Sub part : parts) {
      min = Math.max(min, Keywords.count(part, "minLength", 0));
      int most = Keywords.count(part, "maxLength", -1);
      max = max < 0 ? most : most < 0 ? max : Math.min(max, most);
      if (part.has("pattern")) {
        forms.add(pattern(part, "pattern", part.get("pattern").asString()));
      }
      String format = part.get("format").asString("");
      if (part.has("format") && format.equals("regex")) {
        throw new UnsupportedSchemaException(
            "format", part.at("format"), "is 'regex', which cannot be enforced; leave it out");
      }
      if (part.has("format") && Formats.isKnown(format)) {
        forms.add(Formats.node(json, format));
      }
      if (part.has(Negation.NONE_OF)) {
        List<Node> texts = new ArrayList<>();
        part.get(Negation.NONE_OF).values().forEach(t -> texts.add(json.inside(t.asString())));
        if (!texts.isEmpty()) {
          forms.add(algebra.not(algebra.alt(texts)));
          forms.add(algebra.star(json.canonicalChar()));
        }
      }
    }
    if (max >= 0 && min > max) {
      return algebra.none;
    }
    if (forms.isEmpty()) {
      return json.string(algebra.repeat(json.anyChar, min, max));
    }
    if (min > 0 || max >= 0) {
      forms.add(algebra.repeat(json.canonicalChar(), min, max));
    }
    return live(json.string(algebra.and(forms)));
  }

  /** The inside of texts in which a pattern is found. */
  Node pattern(Sub part, String keyword, String pattern) {
    try {
      return json.canonical().anywhere(pattern);
    } catch (IllegalArgumentException e) {
      throw new UnsupportedSchemaException(
          keyword, part.at(keyword), "cannot be enforced: " + e.getMessage());
    }
  }

  Node live(Node node) {
    return algebra.isLive(node) ? node : algebra.none;
  }

  /** Whether a regular node matches a string literal. */
  boolean accepts(Node string, String text) {
    return algebra.matches(string, JsonNodeFactory.instance.stringNode(text).toString());
  }
}
