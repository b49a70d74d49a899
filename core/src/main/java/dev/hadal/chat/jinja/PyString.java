package dev.hadal.chat.jinja;

/** Python's str counts code points; these helpers do on Java's UTF-16. */
final class PyString {
  private PyString() {}

  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** The index in Java's string of the code point of that index. */
  static int offset(String text, int codePoint) {
    return text.offsetByCodePoints(0, codePoint);
  }

  static String substring(String text, int from, int to) {
    if (to <= from) {
      return "";
    }
    int start = offset(text, from);
    return text.substring(start, text.offsetByCodePoints(start, to - from));
  }

  /** Python's str.isspace for one character. */
  static boolean isSpace(int c) {
    return c == ' '
        || (c >= '\t' && c <= '\r')
        || (c >= 0x1c && c <= 0x1f)
        || c == 0x85
        || (c >= 0xa0 && Character.isSpaceChar(c));
  }

  /** Whether the character may stand in a name; digits are told apart by the caller. */
  static boolean isIdentifier(int c) {
    return c == '_'
        || (c < 0x80 ? Character.isLetterOrDigit(c) : Character.isUnicodeIdentifierPart(c));
  }

  /** Whether a character ends a line for str.splitlines. */
  static boolean isLineEnd(char c) {
    return (c >= '\n' && c <= '\r')
        || (c >= 0x1c && c <= 0x1e)
        || c == 0x85
        || c == 0x2028
        || c == 0x2029;
  }

  static String strip(String text, boolean left, boolean right) {
    int from = 0;
    int to = text.length();
    while (left && from < to && isSpace(text.charAt(from))) {
      from++;
    }
    while (right && to > from && isSpace(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  /** Strips any of the given characters. */
  static String strip(String text, String characters, boolean left, boolean right) {
    int from = 0;
    int to = text.length();
    while (left && from < to && characters.indexOf(text.codePointAt(from)) >= 0) {
      from += Character.charCount(text.codePointAt(from));
    }
    while (right && to > from && characters.indexOf(text.codePointBefore(to)) >= 0) {
      to -= Character.charCount(text.codePointBefore(to));
    }
    return text.substring(from, to);
  }

  /** Python's str.capitalize. */
  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = Character.charCount(text.codePointAt(0));
    return titleCase(text.codePointAt(0)) + lower(text.substring(first));
  }

  static String titleCase(int c) {
    int title = Character.toTitleCase(c);
    return title != c ? Character.toString(title) : upper(Character.toString(c));
  }

  static String upper(String text) {
    return text.toUpperCase(java.util.Locale.ROOT);
  }

  static String lower(String text) {
    return text.toLowerCase(java.util.Locale.ROOT);
  }
}
