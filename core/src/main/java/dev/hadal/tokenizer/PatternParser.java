package dev.hadal.tokenizer;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the part of regular-expression syntax that splitting patterns are written in (Oniguruma's
 * and Rust's common ground): classes with nesting and {@code &&}, {@code \p{..}}, {@code \s \d \w},
 * groups, {@code (?i:..)}, greedy, lazy and possessive counts, lookahead of one character, {@code
 * $} at the end.
 *
 * <p>Possessive counts are read as greedy ones: in the patterns that exist, what follows them
 * cannot begin with what they hold.
 */
final class PatternParser {
  /** What a pattern is made of. */
  sealed interface Node {
    record Chars(CodePointSet set) implements Node {}

    record Sequence(List<Node> parts) implements Node {}

    record Choice(List<Node> options) implements Node {}

    /** A count; {@code max} -1 is without end. */
    record Repeat(Node part, int min, int max, boolean lazy) implements Node {}

    /** The next character must be in the set; {@code orEnd}: or the text must end here. */
    record Ahead(CodePointSet set, boolean orEnd) implements Node {}
  }

  private static final int MAX_DEPTH = 100;
  private static final int MAX_COUNT = 1000;
  private static final CodePointSet DIGIT = required("Nd");

  private final String pattern;
  private int at;
  private int depth;
  private boolean anyCase;

  private PatternParser(String pattern) {
    this.pattern = pattern;
  }

  /**
   * The pattern's tree.
   *
   * @throws IllegalArgumentException naming the place and the part that is not understood
   */
  static Node parse(String pattern) {
    PatternParser parser = new PatternParser(pattern);
    Node node = parser.choice();
    if (parser.at < pattern.length()) {
      throw parser.error("unmatched ')'");
    }
    return node;
  }

  private Node choice() {
    if (++depth > MAX_DEPTH) {
      throw error("groups nest deeper than " + MAX_DEPTH);
    }
    boolean outerCase = anyCase;
    List<Node> options = new ArrayList<>(List.of(sequence()));
    while (take('|')) {
      options.add(sequence());
    }
    anyCase = outerCase;
    depth--;
    return options.size() == 1 ? options.getFirst() : new Node.Choice(options);
  }

  private Node sequence() {
    List<Node> parts = new ArrayList<>();
    while (at < pattern.length() && peek() != '|' && peek() != ')') {
      Node atom = atom();
      parts.add(atom instanceof Node.Ahead ? atom : counted(atom));
    }
    return parts.size() == 1 ? parts.getFirst() : new Node.Sequence(parts);
  }

  private Node counted(Node atom) {
    Node node = atom;
    for (int nested = 0; at < pattern.length(); nested++) {
      int min;
      int max;
      if (take('?')) {
        min = 0;
        max = 1;
      } else if (take('*')) {
        min = 0;
        max = -1;
      } else if (take('+')) {
        min = 1;
        max = -1;
      } else if (peek() == '{'
          && at + 1 < pattern.length()
          && (isDigit(pattern.charAt(at + 1)) || pattern.charAt(at + 1) == ',')) {
        at++;
        min = peek() == ',' ? 0 : number();
        max = take(',') ? (peek() == '}' ? -1 : number()) : min;
        expect('}');
        if (max >= 0 && max < min) {
          throw error("a count from " + min + " to " + max);
        }
      } else {
        return node;
      }
      if (nested > 8) {
        throw error("too many counts after one another");
      }
      boolean lazy = take('?');
      if (!lazy) {
        take('+');
      }
      node = new Node.Repeat(node, min, max, lazy);
    }
    return node;
  }

  private Node atom() {
    char c = next();
    return switch (c) {
      case '(' -> group();
      case '[' -> new Node.Chars(charClass());
      case '.' -> new Node.Chars(CodePointSet.of('\n').not());
      case '$' -> new Node.Ahead(CodePointSet.NONE, true);
      case '\\' -> escapeAtom();
      case '^', '*', '+', '?' -> throw error("'" + c + "' is not understood here");
      default -> literal(codePointFrom(c));
    };
  }

  private Node escapeAtom() {
    if (take('z') || take('Z')) {
      return new Node.Ahead(CodePointSet.NONE, true);
    }
    return new Node.Chars(cased(escape()));
  }

  private Node literal(int codePoint) {
    return new Node.Chars(cased(CodePointSet.of(codePoint)));
  }

  private CodePointSet cased(CodePointSet set) {
    return anyCase ? set.anyCase() : set;
  }

  private Node group() {
    boolean outerCase = anyCase;
    @Nullable Boolean ahead = null;
    if (take('?')) {
      if (take('=')) {
        ahead = true;
      } else if (take('!')) {
        ahead = false;
      } else if (take('i')) {
        anyCase = true;
        if (take(')')) {
          // (?i) holds until the enclosing group ends, which restores the outer case.
          return new Node.Sequence(List.of());
        }
        expect(':');
      } else if (!take('>')) {
        if (!take(':')) {
          throw error(
              "a group of the kind '(?"
                  + pattern.substring(at, Math.min(at + 1, pattern.length()))
                  + "' is not understood");
        }
      }
    }
    Node inside = choice();
    expect(')');
    anyCase = outerCase;
    if (ahead == null) {
      return inside;
    }
    CodePointSet set = oneCharacter(inside);
    if (set == null) {
      throw error("a lookahead of more than one character is not understood");
    }
    return ahead ? new Node.Ahead(set, false) : new Node.Ahead(set.not(), true);
  }

  private static @Nullable CodePointSet oneCharacter(Node node) {
    return switch (node) {
      case Node.Chars chars -> chars.set();
      case Node.Choice choice -> {
        CodePointSet all = CodePointSet.NONE;
        for (Node option : choice.options()) {
          CodePointSet set = oneCharacter(option);
          if (set == null) {
            yield null;
          }
          all = all.or(set);
        }
        yield all;
      }
      case Node.Repeat repeat -> repeat.min() == 1 ? oneCharacter(repeat.part()) : null;
      case Node.Sequence sequence -> null;
      case Node.Ahead look -> null;
    };
  }

  /** After '[', up to and with ']'. */
  private CodePointSet charClass() {
    if (++depth > MAX_DEPTH) {
      throw error("classes nest deeper than " + MAX_DEPTH);
    }
    boolean negated = take('^');
    CodePointSet whole = CodePointSet.ALL;
    CodePointSet set = CodePointSet.NONE;
    boolean first = true;
    while (true) {
      if (at >= pattern.length()) {
        throw error("a class without its ']'");
      }
      if (peek() == ']' && !first) {
        at++;
        break;
      }
      if (pattern.startsWith("&&", at)) {
        at += 2;
        whole = whole.and(set);
        set = CodePointSet.NONE;
        continue;
      }
      set = set.or(classItem());
      first = false;
    }
    whole = cased(whole.and(set));
    depth--;
    return negated ? whole.not() : whole;
  }

  private CodePointSet classItem() {
    char c = next();
    if (c == '[') {
      if (take(':')) {
        int end = pattern.indexOf(":]", at);
        if (end < 0) {
          throw error("a class '[:' without its ':]'");
        }
        boolean negated = take('^');
        CodePointSet named = named(pattern.substring(at, end));
        at = end + 2;
        return negated ? named.not() : named;
      }
      return charClass();
    }
    int from;
    if (c == '\\') {
      CodePointSet escaped = escape();
      int[] bounds = escaped.bounds();
      if (bounds.length != 2 || bounds[1] != bounds[0] + 1) {
        return escaped;
      }
      from = bounds[0];
    } else {
      from = codePointFrom(c);
    }
    if (at + 1 >= pattern.length() || peek() != '-' || pattern.charAt(at + 1) == ']') {
      return CodePointSet.of(from);
    }
    at++;
    char d = next();
    int to = d == '\\' ? escape().bounds()[0] : codePointFrom(d);
    if (to < from) {
      throw error(
          "a range from U+" + Integer.toHexString(from) + " down to U+" + Integer.toHexString(to));
    }
    return CodePointSet.ranges(from, to);
  }

  /** After a backslash. */
  private CodePointSet escape() {
    char c = next();
    return switch (c) {
      case 's' -> CodePointSet.SPACE;
      case 'S' -> CodePointSet.SPACE.not();
      case 'd' -> DIGIT;
      case 'D' -> DIGIT.not();
      case 'w' -> CodePointSet.word();
      case 'W' -> CodePointSet.word().not();
      case 'h' -> CodePointSet.ranges('0', '9', 'A', 'F', 'a', 'f');
      case 'p', 'P' -> property(c == 'P');
      case 'n' -> CodePointSet.of('\n');
      case 'r' -> CodePointSet.of('\r');
      case 't' -> CodePointSet.of('\t');
      case 'f' -> CodePointSet.of('\f');
      case 'v' -> CodePointSet.of(0x0B);
      case 'e' -> CodePointSet.of(0x1B);
      case 'x', 'u' -> CodePointSet.of(hex(c == 'x' ? 2 : 4));
      default -> {
        if (c < 0x80 && Character.isLetterOrDigit(c)) {
          throw error("'\\" + c + "' is not understood");
        }
        yield CodePointSet.of(codePointFrom(c));
      }
    };
  }

  private CodePointSet property(boolean outerNegated) {
    String name;
    if (take('{')) {
      int end = pattern.indexOf('}', at);
      if (end < 0) {
        throw error("'\\p{' without its '}'");
      }
      name = pattern.substring(at, end);
      at = end + 1;
    } else {
      name = String.valueOf(next());
    }
    boolean negated = outerNegated ^ name.startsWith("^");
    CodePointSet set = named(name.startsWith("^") ? name.substring(1) : name);
    return negated ? set.not() : set;
  }

  private CodePointSet named(String name) {
    CodePointSet set = CodePointSet.named(name);
    if (set == null) {
      throw error("no class of characters is named '" + name + "'");
    }
    return set;
  }

  private static CodePointSet required(String name) {
    CodePointSet set = CodePointSet.named(name);
    if (set == null) {
      throw new AssertionError(name);
    }
    return set;
  }

  private int hex(int digits) {
    int end = take('{') ? pattern.indexOf('}', at) : at + digits;
    if (end < at || end > pattern.length() || end - at > 6 || end == at) {
      throw error("a character by number without its digits");
    }
    try {
      int value = Integer.parseInt(pattern, at, end, 16);
      at = end;
      if (at < pattern.length() && peek() == '}') {
        at++;
      }
      if (value < 0 || value >= CodePointSet.LIMIT) {
        throw error("no character has the number " + value);
      }
      return value;
    } catch (NumberFormatException notHex) {
      throw error("'" + pattern.substring(at, end) + "' is no hexadecimal number");
    }
  }

  private int number() {
    int from = at;
    while (at < pattern.length() && isDigit(peek())) {
      at++;
    }
    if (at == from || at - from > 4 || Integer.parseInt(pattern, from, at, 10) > MAX_COUNT) {
      throw error("a count must be a number up to " + MAX_COUNT);
    }
    return Integer.parseInt(pattern, from, at, 10);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private int codePointFrom(char c) {
    if (Character.isHighSurrogate(c) && at < pattern.length() && Character.isLowSurrogate(peek())) {
      return Character.toCodePoint(c, next());
    }
    return c;
  }

  private char peek() {
    if (at >= pattern.length()) {
      throw error("the pattern ends too early");
    }
    return pattern.charAt(at);
  }

  private char next() {
    char c = peek();
    at++;
    return c;
  }

  private boolean take(char c) {
    if (at < pattern.length() && pattern.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char c) {
    if (!take(c)) {
      throw error("'" + c + "' is missing");
    }
  }

  private IllegalArgumentException error(String what) {
    return new IllegalArgumentException(
        "splitting pattern '" + pattern + "' at character " + at + ": " + what);
  }
}
