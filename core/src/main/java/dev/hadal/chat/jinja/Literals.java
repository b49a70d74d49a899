package dev.hadal.chat.jinja;

import dev.hadal.chat.jinja.Token.Kind;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Number literals and the escapes of string literals, as Python reads them. */
final class Literals {
  private static final Pattern FLOAT =
      Pattern.compile(
          "(?:\\d++_)*+\\d++(?:(?:\\.(?:\\d++_)*+\\d++)?[eE][+-]?(?:\\d++_)*+\\d++|\\.(?:\\d++_)*+\\d++)");
  private static final Pattern INTEGER =
      Pattern.compile(
          "0[bB](?:_?[01])++|0[oO](?:_?[0-7])++|0[xX](?:_?[0-9a-fA-F])++|[1-9](?:_?\\d)*+|0(?:_?0)*+");
  private static final int LONGEST_NUMBER = 4_300;

  private Literals() {}

  /** Adds the number that starts here to the tokens; returns where it ends. */
  static int number(String source, int at, int line, List<Token> tokens) {
    int end = at;
    while (end < source.length() && isNumberPart(source.charAt(end), source.charAt(end - 1))) {
      end++;
    }
    if (end - at > LONGEST_NUMBER) {
      throw new TemplateException(line, "a number of more than " + LONGEST_NUMBER + " digits");
    }
    Matcher matcher = FLOAT.matcher(source).region(at, end);
    if (source.charAt(at - 1) != '.' && matcher.lookingAt()) {
      String text = matcher.group();
      tokens.add(new Token(Kind.FLOAT, text, Double.valueOf(text.replace("_", "")), line));
      return matcher.end();
    }
    matcher = INTEGER.matcher(source).region(at, end);
    if (!matcher.lookingAt()) {
      throw new TemplateException(line, "'" + source.substring(at, end) + "' is not a number");
    }
    tokens.add(new Token(Kind.INTEGER, matcher.group(), integer(matcher.group()), line));
    return matcher.end();
  }

  private static boolean isNumberPart(char c, char before) {
    return Character.isLetterOrDigit(c)
        || c == '_'
        || c == '.'
        || ((c == '+' || c == '-') && (before == 'e' || before == 'E'));
  }

  private static Object integer(String text) {
    String digits = text.replace("_", "").toLowerCase(Locale.ROOT);
    int radix =
        digits.startsWith("0b")
            ? 2
            : digits.startsWith("0o") ? 8 : digits.startsWith("0x") ? 16 : 10;
    return Numbers.normal(new BigInteger(radix == 10 ? digits : digits.substring(2), radix));
  }

  /** A string literal's body with its escapes replaced; unknown escapes stay as they are. */
  static String unescape(String body, int line) {
    StringBuilder out = new StringBuilder(body.length());
    int i = 0;
    while (i < body.length()) {
      char c = body.charAt(i++);
      if (c != '\\') {
        out.append(c);
        continue;
      }
      char kind = body.charAt(i++);
      switch (kind) {
        case '\n' -> {}
        case '\\', '\'', '"' -> out.append(kind);
        case 'a' -> out.append('\u0007');
        case 'b' -> out.append('\b');
        case 'f' -> out.append('\f');
        case 'n' -> out.append('\n');
        case 'r' -> out.append('\r');
        case 't' -> out.append('\t');
        case 'v' -> out.append('\u000b');
        case 'x' -> i = hex(body, i, 2, line, out);
        case 'u' -> i = hex(body, i, 4, line, out);
        case 'U' -> i = hex(body, i, 8, line, out);
        case 'N' -> i = named(body, i, line, out);
        case '0', '1', '2', '3', '4', '5', '6', '7' -> {
          int value = kind - '0';
          for (int n = 0; n < 2 && i < body.length(); n++) {
            int digit = Character.digit(body.charAt(i), 8);
            if (digit < 0) {
              break;
            }
            value = value * 8 + digit;
            i++;
          }
          out.append((char) value);
        }
        default -> out.append('\\').append(kind);
      }
    }
    return out.toString();
  }

  private static int hex(String body, int at, int digits, int line, StringBuilder out) {
    long value = 0;
    for (int i = at; i < at + digits; i++) {
      int digit = i < body.length() ? Character.digit(body.charAt(i), 16) : -1;
      if (digit < 0) {
        throw new TemplateException(line, "an escape in a string needs " + digits + " hex digits");
      }
      value = value * 16 + digit;
    }
    if (value > Character.MAX_CODE_POINT) {
      throw new TemplateException(
          line, "an escape in a string beyond the last character of Unicode");
    }
    out.appendCodePoint((int) value);
    return at + digits;
  }

  private static int named(String body, int at, int line, StringBuilder out) {
    int end = body.indexOf('}', at);
    if (at >= body.length() || body.charAt(at) != '{' || end < 0) {
      throw new TemplateException(line, "\\N in a string needs {a character's name}");
    }
    String name = body.substring(at + 1, end);
    try {
      out.appendCodePoint(Character.codePointOf(name));
    } catch (IllegalArgumentException e) {
      throw new TemplateException(line, "\\N{" + name + "}: no character has that name");
    }
    return end + 1;
  }
}
