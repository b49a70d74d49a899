package dev.hadal.grammar;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads GBNF: one rule after another, a rule going on until the next one's {@code ::=}. */
final class GbnfParser {
  private static final int MAX_DEPTH = 200;

  private final Algebra algebra;
  private final Utf8Bytes utf8;
  private final String text;
  private final Map<String, Node> rules = new LinkedHashMap<>();
  private final Set<String> defined = new HashSet<>();
  private int at;
  private int depth;

  GbnfParser(Algebra algebra, String text) {
    this.algebra = algebra;
    this.utf8 = new Utf8Bytes(algebra);
    this.text = text;
  }

  /** The rule {@code root}. */
  Node parse() {
    space(true);
    while (at < text.length()) {
      rule();
      space(true);
    }
    if (!defined.contains("root")) {
      throw fail("there is no rule 'root', where a grammar begins; name its first rule so");
    }
    return ruleNamed("root");
  }

  private void rule() {
    String name = name();
    if (name.isEmpty()) {
      throw fail("a rule's name is expected: letters, digits, '-' and '_'");
    }
    space(false);
    if (!text.startsWith("::=", at)) {
      throw fail("'::=' is expected behind the rule's name '" + name + "'");
    }
    at += 3;
    space(true);
    if (!defined.add(name)) {
      throw fail("rule '" + name + "' is defined twice; join both with '|'");
    }
    algebra.define(ruleNamed(name), alternatives(false));
    if (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
      throw fail("'" + text.charAt(at) + "' is not expected here");
    }
  }

  private Node ruleNamed(String name) {
    return rules.computeIfAbsent(name, algebra::rule);
  }

  private Node alternatives(boolean nested) {
    if (++depth > MAX_DEPTH) {
      throw fail("groups are nested more than " + MAX_DEPTH + " deep");
    }
    List<Node> ways = new ArrayList<>(List.of(sequence(nested)));
    while (atBar()) {
      at++;
      space(true);
      ways.add(sequence(nested));
    }
    depth--;
    return algebra.alt(ways);
  }

  /** Whether an alternative follows, be it on the next line. */
  private boolean atBar() {
    int before = at;
    space(true);
    if (at < text.length() && text.charAt(at) == '|') {
      return true;
    }
    at = before;
    return false;
  }

  private Node sequence(boolean nested) {
    List<Node> parts = new ArrayList<>();
    while (at < text.length()) {
      char c = text.charAt(at);
      Node part;
      if (c == '"') {
        part = literal();
      } else if (c == '[') {
        part = charClass();
      } else if (c == '.') {
        at++;
        part = utf8.of(CodePoints.ALL);
      } else if (c == '(') {
        at++;
        space(true);
        part = alternatives(true);
        if (at >= text.length() || text.charAt(at) != ')') {
          throw fail("a '(' is not closed");
        }
        at++;
      } else if (isNameChar(c)) {
        part = ruleNamed(name());
      } else {
        break;
      }
      space(nested);
      parts.add(repeated(part, nested));
    }
    return algebra.seq(parts.toArray(Node[]::new));
  }

  private Node repeated(Node part, boolean nested) {
    Node result = part;
    while (at < text.length() && "*+?{".indexOf(text.charAt(at)) >= 0) {
      char c = text.charAt(at++);
      result =
          switch (c) {
            case '*' -> algebra.star(result);
            case '+' -> algebra.repeat(result, 1, -1);
            case '?' -> algebra.optional(result);
            default -> counted(result);
          };
      space(nested);
    }
    return result;
  }

  private Node counted(Node part) {
    int close = text.indexOf('}', at);
    String inside = close < 0 ? "" : text.substring(at, close).replaceAll("\\s", "");
    if (!inside.matches("[0-9]{1,6}(,([0-9]{1,6})?)?|,[0-9]{1,6}")) {
      throw fail("a repetition is {m}, {m,}, {m,n} or {,n}");
    }
    at = close + 1;
    String[] bounds = inside.split(",", -1);
    int min = bounds[0].isEmpty() ? 0 : Integer.parseInt(bounds[0]);
    int max = bounds.length == 1 ? min : bounds[1].isEmpty() ? -1 : Integer.parseInt(bounds[1]);
    if (max >= 0 && max < min || Math.max(min, max) > RegexParser.MAX_REPETITIONS) {
      throw fail(
          "{%s} is no repetition: bounds ascend and are at most %d"
              .formatted(inside, RegexParser.MAX_REPETITIONS));
    }
    return algebra.repeat(part, min, max);
  }

  private Node literal() {
    at++;
    StringBuilder result = new StringBuilder();
    while (true) {
      if (at >= text.length() || text.charAt(at) == '\n') {
        throw fail("a '\"' is not closed");
      }
      if (text.charAt(at) == '"') {
        at++;
        return algebra.text(result.toString());
      }
      result.appendCodePoint(character());
    }
  }

  private Node charClass() {
    at++;
    boolean negated = at < text.length() && text.charAt(at) == '^';
    if (negated) {
      at++;
    }
    CodePoints points = CodePoints.NONE;
    while (true) {
      if (at >= text.length()) {
        throw fail("a '[' is not closed");
      }
      if (text.charAt(at) == ']') {
        at++;
        return utf8.of(negated ? points.not() : points);
      }
      int low = character();
      int high = low;
      if (at + 1 < text.length() && text.charAt(at) == '-' && text.charAt(at + 1) != ']') {
        at++;
        high = character();
        if (high < low) {
          throw fail("a range in [...] runs backwards; put the lower end first");
        }
      }
      points = points.or(CodePoints.range(low, high));
    }
  }

  private int character() {
    int c = text.codePointAt(at);
    at += Character.charCount(c);
    if (c != '\\') {
      return c;
    }
    if (at >= text.length()) {
      throw fail("a '\\' ends the grammar");
    }
    char kind = text.charAt(at++);
    return switch (kind) {
      case 'x' -> hex(2);
      case 'u' -> hex(4);
      case 'U' -> hex(8);
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case '"', '\\', '[', ']', '-', '^' -> kind;
      default -> throw fail("the escape \\" + kind + " is not known");
    };
  }

  private int hex(int digits) {
    String code = text.substring(at, Math.min(at + digits, text.length()));
    if (!code.matches("[0-9a-fA-F]{" + digits + "}")
        || Long.parseLong(code, 16) > Character.MAX_CODE_POINT) {
      throw fail("an escape asks for " + digits + " hexadecimal digits of a code point");
    }
    at += digits;
    return Integer.parseInt(code, 16);
  }

  private String name() {
    int from = at;
    while (at < text.length() && isNameChar(text.charAt(at))) {
      at++;
    }
    return text.substring(from, at);
  }

  private static boolean isNameChar(char c) {
    return c < 0x80 && Character.isLetterOrDigit(c) || c == '-' || c == '_';
  }

  /** Blanks and comments; line breaks only where a rule goes on or a new one may begin. */
  private void space(boolean lines) {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '#') {
        while (at < text.length() && text.charAt(at) != '\n') {
          at++;
        }
      } else if (c == ' ' || c == '\t' || (lines && (c == '\n' || c == '\r'))) {
        at++;
      } else {
        break;
      }
    }
  }

  private IllegalArgumentException fail(String why) {
    long line = text.substring(0, Math.min(at, text.length())).lines().count();
    return new IllegalArgumentException(
        "grammar line %d, character %d: %s".formatted(Math.max(1, line), at, why));
  }
}
