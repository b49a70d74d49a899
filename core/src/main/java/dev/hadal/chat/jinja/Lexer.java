package dev.hadal.chat.jinja;

import dev.hadal.chat.jinja.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Cuts a template into tokens in one pass, with Jinja's whitespace rules: {@code trim_blocks} (the
 * newline after a block or comment goes), {@code lstrip_blocks} (blanks before one on its line go),
 * {@code -} strips all whitespace on its side, {@code +} turns the two off, one trailing newline of
 * the source goes.
 */
final class Lexer {
  private static final List<String> OPERATORS =
      List.of(
          "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{",
          "}", ">", "<", "=", ".", ":", "|", ",", ";");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private final Deque<Character> open = new ArrayDeque<>();
  private int at;
  private int line = 1;
  private int lineCountedTo;

  private Lexer(String source) {
    this.source = source;
  }

  static List<Token> tokenize(String source) {
    String text = source.replace("\r\n", "\n").replace('\r', '\n');
    return new Lexer(text.endsWith("\n") ? text.substring(0, text.length() - 1) : text).run();
  }

  private List<Token> run() {
    while (at < source.length()) {
      int tag = nextTag(at);
      if (tag < 0) {
        emit(Kind.DATA, source.substring(at), at);
        at = source.length();
        break;
      }
      char sign = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
      boolean signed = sign == '-' || sign == '+';
      data(at, tag, signed ? sign : ' ', source.charAt(tag + 1) != '{');
      at = tag + (signed ? 3 : 2);
      switch (source.charAt(tag + 1)) {
        case '#' -> comment(tag);
        case '{' -> tag(tag, Kind.VARIABLE_BEGIN, Kind.VARIABLE_END);
        default -> {
          int body = rawBody(at);
          if (body >= 0) {
            raw(body, tag);
          } else {
            tag(tag, Kind.BLOCK_BEGIN, Kind.BLOCK_END);
          }
        }
      }
    }
    emit(Kind.EOF, "", source.length());
    return tokens;
  }

  private int nextTag(int from) {
    for (int i = source.indexOf('{', from);
        i >= 0 && i + 1 < source.length();
        i = source.indexOf('{', i + 1)) {
      char c = source.charAt(i + 1);
      if (c == '{' || c == '%' || c == '#') {
        return i;
      }
    }
    return -1;
  }

  /** Emits the text in [from, to) as the tag behind it, with its sign, leaves it. */
  private void data(int from, int to, char sign, boolean lstrip) {
    int end = to;
    if (sign == '-') {
      while (end > from && PyString.isSpace(source.charAt(end - 1))) {
        end--;
      }
    } else if (sign != '+' && lstrip) {
      int lineStart = to;
      while (lineStart > from
          && source.charAt(lineStart - 1) != '\n'
          && PyString.isSpace(source.charAt(lineStart - 1))) {
        lineStart--;
      }
      if (lineStart == 0 || source.charAt(lineStart - 1) == '\n') {
        end = lineStart;
      }
    }
    if (end > from) {
      emit(Kind.DATA, source.substring(from, end), from);
    }
  }

  private void comment(int tag) {
    int end = source.indexOf("#}", at);
    if (end < 0) {
      throw new TemplateException(lineOf(tag), "a comment '{#' without its end '#}'");
    }
    at = afterTag(end > at ? source.charAt(end - 1) : ' ', end + 2);
  }

  /** Where the text goes on behind a block's or comment's end. */
  private int afterTag(char sign, int end) {
    if (sign == '-') {
      return skipSpace(end);
    }
    return sign != '+' && end < source.length() && source.charAt(end) == '\n' ? end + 1 : end;
  }

  private int skipSpace(int from) {
    int i = from;
    while (i < source.length() && PyString.isSpace(source.charAt(i))) {
      i++;
    }
    return i;
  }

  /** Where the raw text starts if a {@code raw} tag stands here, or -1. */
  private int rawBody(int from) {
    int word = skipSpace(from);
    if (!source.startsWith("raw", word)) {
      return -1;
    }
    int end = skipSpace(word + 3);
    if (source.startsWith("-%}", end)) {
      return skipSpace(end + 3);
    }
    return source.startsWith("%}", end) ? end + 2 : -1;
  }

  private void raw(int body, int tag) {
    for (int i = source.indexOf("{%", body); i >= 0; i = source.indexOf("{%", i + 2)) {
      char sign = i + 2 < source.length() ? source.charAt(i + 2) : ' ';
      boolean signed = sign == '-' || sign == '+';
      int word = skipSpace(i + (signed ? 3 : 2));
      if (!source.startsWith("endraw", word)) {
        continue;
      }
      int end = skipSpace(word + 6);
      char endSign = end < source.length() ? source.charAt(end) : ' ';
      int close = endSign == '-' || endSign == '+' ? end + 1 : end;
      if (source.startsWith("%}", close)) {
        data(body, i, signed ? sign : ' ', true);
        at = afterTag(endSign, close + 2);
        return;
      }
    }
    throw new TemplateException(lineOf(tag), "a 'raw' block without its 'endraw'");
  }

  private void tag(int tag, Kind begin, Kind end) {
    emit(begin, source.substring(tag, at), tag);
    boolean block = end == Kind.BLOCK_END;
    String close = block ? "%}" : "}}";
    open.clear();
    while (at < source.length()) {
      char c = source.charAt(at);
      if (PyString.isSpace(c)) {
        at++;
        continue;
      }
      if (open.isEmpty()) {
        boolean signed = c == '-' || (block && c == '+');
        if (source.startsWith(close, signed ? at + 1 : at)) {
          emit(end, close, at);
          int after = at + (signed ? 3 : 2);
          at = block ? afterTag(c, after) : signed ? skipSpace(after) : after;
          return;
        }
      }
      if (c >= '0' && c <= '9') {
        at = Literals.number(source, at, lineOf(at), tokens);
      } else if (PyString.isIdentifier(source.codePointAt(at))) {
        name();
      } else if (c == '\'' || c == '"') {
        string(c);
      } else {
        operator();
      }
    }
    throw new TemplateException(
        lineOf(tag),
        "unexpected end of template; the tag that begins here needs its '" + close + "'");
  }

  private void name() {
    int start = at;
    while (at < source.length() && PyString.isIdentifier(source.codePointAt(at))) {
      at += Character.charCount(source.codePointAt(at));
    }
    emit(Kind.NAME, source.substring(start, at), start);
  }

  private void string(char quote) {
    int start = at;
    int i = at + 1;
    while (i < source.length() && source.charAt(i) != quote) {
      i += source.charAt(i) == '\\' ? 2 : 1;
    }
    if (i >= source.length()) {
      throw new TemplateException(
          lineOf(start), "a string that begins with " + quote + " never ends");
    }
    String body = source.substring(start + 1, i);
    String value = body.indexOf('\\') < 0 ? body : Literals.unescape(body, lineOf(start));
    tokens.add(new Token(Kind.STRING, value, value, lineOf(start)));
    at = i + 1;
  }

  private void operator() {
    for (String operator : OPERATORS) {
      if (source.startsWith(operator, at)) {
        balance(operator.charAt(0));
        emit(Kind.OPERATOR, operator, at);
        at += operator.length();
        return;
      }
    }
    throw new TemplateException(
        lineOf(at), "unexpected character '" + Character.toString(source.codePointAt(at)) + "'");
  }

  private void balance(char c) {
    switch (c) {
      case '(' -> open.push(')');
      case '[' -> open.push(']');
      case '{' -> open.push('}');
      case ')', ']', '}' -> {
        if (open.isEmpty()) {
          throw new TemplateException(lineOf(at), "unexpected '" + c + "'");
        }
        char expected = open.pop();
        if (expected != c) {
          throw new TemplateException(
              lineOf(at), "unexpected '" + c + "', expected '" + expected + "'");
        }
      }
      default -> {}
    }
  }

  private void emit(Kind kind, String text, int position) {
    tokens.add(new Token(kind, text, text, lineOf(position)));
  }

  /** Lines are counted forward only, so that all of them together cost one pass. */
  private int lineOf(int position) {
    for (; lineCountedTo < position; lineCountedTo++) {
      if (source.charAt(lineCountedTo) == '\n') {
        line++;
      }
    }
    return line;
  }
}
