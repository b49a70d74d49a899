package dev.hadal.grammar;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * JSON in bytes. Whitespace is bounded, so that a model cannot spin in it: behind a bracket or a
 * comma and before a closing bracket a space or a line break with an indent, behind a colon a
 * space.
 */
final class JsonText {
  private static final int MAX_INDENT = 40;
  static final int MAX_DIGITS = 20;

  final Algebra algebra;

  /** One character of a string, in every spelling that JSON has. */
  final Node anyChar;

  final Node whitespace;
  private final RegexNodes canonical;
  private final Node digit;
  private final Node anyString;
  private final List<Node> values = new ArrayList<>();

  JsonText(Algebra algebra) {
    this.algebra = algebra;
    this.canonical = new RegexNodes(algebra, points -> spelled(algebra, points));
    this.digit = algebra.bytes(ByteSet.range('0', '9'));
    Node indent =
        algebra.repeat(algebra.bytes(ByteSet.of(' ').or(ByteSet.of('\t'))), 0, MAX_INDENT);
    this.whitespace =
        algebra.alt(algebra.empty, algebra.byteOf(' '), algebra.seq(algebra.byteOf('\n'), indent));
    this.anyChar = anyChar();
    Node rest = algebra.group(algebra.seq(algebra.star(anyChar), algebra.byteOf('"')));
    rest.name = "the rest of a string";
    this.anyString = algebra.seq(algebra.byteOf('"'), rest);
  }

  // --- strings

  /**
   * A character set in the one spelling that a string has when it is escaped only where it must.
   */
  private static Node spelled(Algebra algebra, CodePoints points) {
    CodePoints mustEscape = CodePoints.range(0, 0x1F).or(CodePoints.of('"', '\\'));
    List<Node> ways = new ArrayList<>();
    ways.add(new Utf8Bytes(algebra).of(points.and(mustEscape.not())));
    for (CodePoints.Range range : points.and(mustEscape).ranges()) {
      for (int c = range.low(); c <= range.high(); c++) {
        ways.add(escaped(algebra, c));
      }
    }
    return algebra.alt(ways);
  }

  private static Node escaped(Algebra algebra, int c) {
    String shorthand =
        switch (c) {
          case '"' -> "\\\"";
          case '\\' -> "\\\\";
          case '\b' -> "\\b";
          case '\f' -> "\\f";
          case '\n' -> "\\n";
          case '\r' -> "\\r";
          case '\t' -> "\\t";
          default -> "";
        };
    if (!shorthand.isEmpty()) {
      return algebra.text(shorthand);
    }
    char digit = Character.forDigit(c & 0xF, 16);
    ByteSet either = ByteSet.of(digit).or(ByteSet.of(Character.toUpperCase(digit)));
    return algebra.seq(algebra.text("\\u00" + (c >> 4)), algebra.bytes(either));
  }

  private Node anyChar() {
    Utf8Bytes utf8 = new Utf8Bytes(algebra);
    Node hex = set("0123456789abcdefABCDEF");
    Node low = algebra.seq(set("dD"), set("cdefCDEF"), hex, hex);
    Node high = algebra.seq(set("dD"), set("89abAB"), hex, hex);
    Node plain =
        algebra.alt(
            algebra.seq(set("0123456789abcefABCEF"), hex, hex, hex),
            algebra.seq(set("dD"), set("01234567"), hex, hex));
    Node unicode = algebra.byteOf('u');
    return algebra.alt(
        utf8.of(CodePoints.range(0x20, 0x10FFFF).and(CodePoints.of('"', '\\').not())),
        algebra.seq(
            algebra.byteOf('\\'),
            algebra.alt(
                set("\"\\/bfnrt"),
                algebra.seq(unicode, plain),
                algebra.seq(unicode, high, algebra.text("\\u"), low))));
  }

  private Node set(String bytes) {
    ByteSet set = ByteSet.NONE;
    for (int i = 0; i < bytes.length(); i++) {
      set = set.or(ByteSet.of(bytes.charAt(i)));
    }
    return algebra.bytes(set);
  }

  /** The expressions of characters in their one spelling. */
  RegexNodes canonical() {
    return canonical;
  }

  /** One character in its one spelling. */
  Node canonicalChar() {
    return canonical.chars(CodePoints.ALL);
  }

  /** The inside of a string literal, in its one spelling. */
  Node inside(String text) {
    return algebra.seq(
        text.codePoints().mapToObj(c -> canonical.chars(CodePoints.of(c))).toArray(Node[]::new));
  }

  /** A string of a given inside. */
  Node string(Node inside) {
    Node quote = algebra.byteOf('"');
    return algebra.seq(quote, algebra.group(algebra.seq(inside, quote)));
  }

  Node string(String text) {
    return algebra.seq(algebra.byteOf('"'), inside(text), algebra.byteOf('"'));
  }

  // --- structure

  Node member(Node key, Node value) {
    return algebra.seq(key, algebra.byteOf(':'), algebra.optional(algebra.byteOf(' ')), value);
  }

  Node comma() {
    return algebra.seq(algebra.byteOf(','), whitespace);
  }

  /**
   * Brackets around what may be empty.
   *
   * @param inside not empty; {@link Algebra#none} if it must be
   */
  Node bracketed(char open, Node inside, boolean emptyToo, char close) {
    Node end = algebra.byteOf(close);
    Node full = algebra.seq(inside, whitespace, end);
    return algebra.seq(algebra.byteOf(open), whitespace, emptyToo ? algebra.alt(end, full) : full);
  }

  /** A value exactly as given, but for the whitespace between its parts. */
  Node literal(JsonNode value) {
    if (value.isArray() || value.isObject()) {
      List<Node> parts = new ArrayList<>();
      if (value.isArray()) {
        value.values().forEach(v -> parts.add(literal(v)));
      } else {
        value
            .properties()
            .forEach(p -> parts.add(member(string(p.getKey()), literal(p.getValue()))));
      }
      Node inside = algebra.none;
      for (Node part : parts.reversed()) {
        inside = inside == algebra.none ? part : algebra.seq(part, comma(), inside);
      }
      return value.isArray()
          ? bracketed('[', inside, parts.isEmpty(), ']')
          : bracketed('{', inside, parts.isEmpty(), '}');
    }
    if (value.isString()) {
      return string(value.stringValue());
    }
    return algebra.text(value.isNumber() ? NumberText.canonical(value) : value.toString());
  }

  // --- any value

  Node anyString() {
    return anyString;
  }

  Node integer() {
    Node more = algebra.repeat(digit, 0, MAX_DIGITS - 1);
    return algebra.group(
        algebra.seq(
            algebra.optional(algebra.byteOf('-')),
            algebra.alt(
                algebra.byteOf('0'), algebra.seq(algebra.bytes(ByteSet.range('1', '9')), more))));
  }

  Node number() {
    Node digits = algebra.repeat(digit, 1, MAX_DIGITS);
    Node more = algebra.repeat(digit, 0, MAX_DIGITS - 1);
    return algebra.group(
        algebra.seq(
            algebra.optional(algebra.byteOf('-')),
            algebra.alt(
                algebra.byteOf('0'), algebra.seq(algebra.bytes(ByteSet.range('1', '9')), more)),
            algebra.optional(algebra.seq(algebra.byteOf('.'), digits)),
            algebra.optional(
                algebra.seq(set("eE"), algebra.optional(set("+-")), algebra.repeat(digit, 1, 3)))));
  }

  Node bool() {
    return algebra.alt(algebra.text("true"), algebra.text("false"));
  }

  /** Any value whose arrays and objects are nested at most so deep. */
  Node value(int depth) {
    while (values.size() <= depth) {
      Node scalar = algebra.alt(anyString, number(), bool(), algebra.text("null"));
      values.add(
          values.isEmpty()
              ? scalar
              : algebra.alt(scalar, object(values.size()), array(values.size())));
    }
    return values.get(depth);
  }

  /** Any object, {@code depth} levels deep at most. */
  Node object(int depth) {
    return bracketed('{', list(member(anyString, value(depth - 1))), true, '}');
  }

  private Node array(int depth) {
    return bracketed('[', list(value(depth - 1)), true, ']');
  }

  private Node list(Node item) {
    return algebra.seq(item, algebra.star(algebra.seq(comma(), item)));
  }
}
