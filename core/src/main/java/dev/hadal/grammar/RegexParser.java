package dev.hadal.grammar;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads a regular expression as ECMA-262 writes it, in Unicode mode but forgiving. What is no
 * regular language or looks around is refused by name.
 */
final class RegexParser {
  static final int MAX_REPETITIONS = 10_000;
  private static final int MAX_DEPTH = 200;

  private final String pattern;
  private int at;
  private int depth;

  private RegexParser(String pattern) {
    this.pattern = pattern;
  }

  /**
   * @throws IllegalArgumentException if it is malformed or of a kind not supported
   */
  static Expr parse(String pattern) {
    RegexParser parser = new RegexParser(pattern);
    Expr result = parser.either();
    if (parser.at < pattern.length()) {
      throw parser.fail("a ')' closes nothing; write \\) for the character");
    }
    return result;
  }

  private Expr either() {
    if (++depth > MAX_DEPTH) {
      throw fail("groups are nested more than " + MAX_DEPTH + " deep");
    }
    List<Expr> ways = new ArrayList<>(List.of(sequence()));
    while (at < pattern.length() && pattern.charAt(at) == '|') {
      at++;
      ways.add(sequence());
    }
    depth--;
    return ways.size() == 1 ? ways.getFirst() : new Expr.Either(List.copyOf(ways));
  }

  private Expr sequence() {
    List<Expr> parts = new ArrayList<>();
    while (at < pattern.length() && pattern.charAt(at) != '|' && pattern.charAt(at) != ')') {
      parts.add(quantified(atom()));
    }
    return parts.size() == 1 ? parts.getFirst() : new Expr.Sequence(List.copyOf(parts));
  }

  private Expr atom() {
    int c = pattern.codePointAt(at);
    at += Character.charCount(c);
    return switch (c) {
      case '^' -> new Expr.Begin();
      case '$' -> new Expr.End();
      case '.' -> new Expr.Chars(RegexClasses.DOT);
      case '[' -> new Expr.Chars(set());
      case '(' -> group();
      case '\\' -> new Expr.Chars(escape(false));
      case '*', '+', '?' -> {
        at--;
        throw fail("'" + (char) c + "' has nothing to repeat; write \\" + (char) c);
      }
      default -> new Expr.Chars(CodePoints.of(c));
    };
  }

  private Expr group() {
    if (at < pattern.length() && pattern.charAt(at) == '?') {
      String kind = pattern.substring(at, Math.min(at + 3, pattern.length()));
      if (kind.startsWith("?:")) {
        at += 2;
      } else if (kind.startsWith("?=") || kind.startsWith("?!")) {
        throw fail("look-ahead is not supported; say it without (" + kind.substring(0, 2));
      } else if (kind.startsWith("?<=") || kind.startsWith("?<!")) {
        throw fail("look-behind is not supported; say it without (" + kind);
      } else if (kind.startsWith("?<") && pattern.indexOf('>', at) > 0) {
        at = pattern.indexOf('>', at) + 1;
      } else {
        throw fail("a group of the kind (" + kind + " is not supported; use (...) or (?:...)");
      }
    }
    Expr inner = either();
    if (at >= pattern.length()) {
      throw fail("a '(' is not closed");
    }
    at++;
    return inner;
  }

  private Expr quantified(Expr atom) {
    if (at >= pattern.length()) {
      return atom;
    }
    int min;
    int max;
    switch (pattern.charAt(at)) {
      case '*' -> {
        min = 0;
        max = -1;
        at++;
      }
      case '+' -> {
        min = 1;
        max = -1;
        at++;
      }
      case '?' -> {
        min = 0;
        max = 1;
        at++;
      }
      case '{' -> {
        int close = pattern.indexOf('}', at);
        String inside = close < 0 ? "" : pattern.substring(at + 1, close);
        if (!inside.matches("[0-9]{1,6}(,([0-9]{1,6})?)?")) {
          return atom; // a brace that is no quantifier is a character
        }
        at = close + 1;
        String[] bounds = inside.split(",", -1);
        min = Integer.parseInt(bounds[0]);
        max = bounds.length == 1 ? min : bounds[1].isEmpty() ? -1 : Integer.parseInt(bounds[1]);
        if (max >= 0 && max < min || Math.max(min, max) > MAX_REPETITIONS) {
          throw fail(
              "{%s} is no repetition: bounds ascend and are at most %d"
                  .formatted(inside, MAX_REPETITIONS));
        }
      }
      default -> {
        return atom;
      }
    }
    if (atom instanceof Expr.Begin || atom instanceof Expr.End) {
      throw fail("an anchor is repeated; leave the repetition out");
    }
    if (at < pattern.length() && pattern.charAt(at) == '?') {
      at++; // lazy: the same texts
    } else if (at < pattern.length() && pattern.charAt(at) == '+') {
      throw fail("possessive repetition is not supported; leave the '+' out");
    }
    return quantified(new Expr.Times(atom, min, max));
  }

  private CodePoints set() {
    boolean negated = at < pattern.length() && pattern.charAt(at) == '^';
    if (negated) {
      at++;
    }
    CodePoints result = CodePoints.NONE;
    while (true) {
      if (at >= pattern.length()) {
        throw fail("a '[' is not closed");
      }
      if (pattern.charAt(at) == ']') {
        at++;
        return negated ? result.not() : result;
      }
      CodePoints low = member();
      if (at + 1 < pattern.length() && pattern.charAt(at) == '-' && pattern.charAt(at + 1) != ']') {
        at++;
        CodePoints high = member();
        if (isOne(low) && isOne(high)) {
          int from = low.ranges().getFirst().low();
          int to = high.ranges().getFirst().low();
          if (from > to) {
            throw fail("a range in [...] runs backwards; put the lower end first");
          }
          low = CodePoints.range(from, to);
        } else {
          low = low.or(high).or(CodePoints.of('-'));
        }
      }
      result = result.or(low);
    }
  }

  private static boolean isOne(CodePoints points) {
    return points.ranges().size() == 1
        && points.ranges().getFirst().low() == points.ranges().getFirst().high();
  }

  private CodePoints member() {
    int c = pattern.codePointAt(at);
    at += Character.charCount(c);
    return c == '\\' ? escape(true) : CodePoints.of(c);
  }

  private CodePoints escape(boolean inSet) {
    if (at >= pattern.length()) {
      throw fail("a '\\' ends the pattern; write \\\\ for the character");
    }
    int c = pattern.codePointAt(at);
    at += Character.charCount(c);
    return switch (c) {
      case 'd' -> RegexClasses.DIGIT;
      case 'D' -> RegexClasses.DIGIT.not();
      case 'w' -> RegexClasses.WORD;
      case 'W' -> RegexClasses.WORD.not();
      case 's' -> RegexClasses.SPACE;
      case 'S' -> RegexClasses.SPACE.not();
      case 'p' -> property();
      case 'P' -> property().not();
      case 'n' -> CodePoints.of('\n');
      case 'r' -> CodePoints.of('\r');
      case 't' -> CodePoints.of('\t');
      case 'f' -> CodePoints.of('\f');
      case 'v' -> CodePoints.of(0x0B);
      case '0' -> CodePoints.of(0);
      case 'x' -> CodePoints.of(hex(2));
      case 'u' -> CodePoints.of(unicode());
      case 'c' -> CodePoints.of(control());
      case 'b' -> {
        if (inSet) {
          yield CodePoints.of('\b');
        }
        throw fail("the word boundary \\b is not supported; name the characters around it");
      }
      case 'B' -> throw fail("\\B is not supported; name the characters around it");
      case 'k' -> throw fail("a backreference is no regular language; repeat the group itself");
      default -> {
        if (c >= '1' && c <= '9') {
          throw fail("a backreference is no regular language; repeat the group itself");
        }
        if (c < 0x80 && Character.isLetter(c)) {
          throw fail("the escape \\" + (char) c + " is not known");
        }
        yield CodePoints.of(c);
      }
    };
  }

  private int control() {
    if (at >= pattern.length() || !Character.isLetter(pattern.charAt(at))) {
      throw fail("\\c asks for a letter");
    }
    return pattern.charAt(at++) & 0x1F;
  }

  private CodePoints property() {
    int close = pattern.indexOf('}', at);
    if (at >= pattern.length() || pattern.charAt(at) != '{' || close < 0) {
      throw fail("\\p asks for a property in braces, such as \\p{L}");
    }
    String name = pattern.substring(at + 1, close);
    at = close + 1;
    return RegexClasses.property(name)
        .orElseThrow(() -> fail("the property \\p{" + name + "} is not known"));
  }

  private int unicode() {
    if (at < pattern.length() && pattern.charAt(at) == '{') {
      int close = pattern.indexOf('}', at);
      String digits = close < 0 ? "" : pattern.substring(at + 1, close);
      if (!digits.matches("[0-9a-fA-F]{1,6}") || Integer.parseInt(digits, 16) > 0x10FFFF) {
        throw fail("\\u{...} asks for a code point in hexadecimal");
      }
      at = close + 1;
      return Integer.parseInt(digits, 16);
    }
    int unit = hex(4);
    if (Character.isHighSurrogate((char) unit) && pattern.startsWith("\\u", at)) {
      at += 2;
      int low = hex(4);
      if (Character.isLowSurrogate((char) low)) {
        return Character.toCodePoint((char) unit, (char) low);
      }
      throw fail("a high surrogate has no low one behind it");
    }
    return unit;
  }

  private int hex(int digits) {
    String text = pattern.substring(at, Math.min(at + digits, pattern.length()));
    if (!text.matches("[0-9a-fA-F]{" + digits + "}")) {
      throw fail("an escape asks for " + digits + " hexadecimal digits");
    }
    at += digits;
    return Integer.parseInt(text, 16);
  }

  private IllegalArgumentException fail(String why) {
    return new IllegalArgumentException(
        "pattern '%s' at character %d: %s".formatted(pattern, at, why));
  }
}
