package dev.hadal.chat.jinja;

import dev.hadal.chat.jinja.Token.Kind;
import java.util.List;

/** A place in the token list, with the checks a parser needs, and how deep the parser is nested. */
final class TokenStream {
  private static final int DEEPEST = 120;

  private final List<Token> tokens;
  private int at;
  private int depth;

  TokenStream(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token current() {
    return tokens.get(at);
  }

  Token lookAhead() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  Token next() {
    Token token = tokens.get(at);
    if (token.kind() != Kind.EOF) {
      at++;
    }
    return token;
  }

  boolean isOperator(String operator) {
    return current().isOperator(operator);
  }

  boolean isName(String name) {
    return current().isName(name);
  }

  boolean is(Kind kind) {
    return current().kind() == kind;
  }

  boolean skipOperator(String operator) {
    if (isOperator(operator)) {
      next();
      return true;
    }
    return false;
  }

  boolean skipName(String name) {
    if (isName(name)) {
      next();
      return true;
    }
    return false;
  }

  Token expect(Kind kind) {
    if (!is(kind)) {
      throw unexpected(kind.words());
    }
    return next();
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw unexpected("'" + operator + "'");
    }
  }

  void expectName(String name) {
    if (!skipName(name)) {
      throw unexpected("'" + name + "'");
    }
  }

  TemplateException unexpected(String expected) {
    return new TemplateException(
        current().line(), "found " + current().describe() + ", expected " + expected);
  }

  /** One level deeper; untrusted text must not reach the end of the stack. */
  void enter() {
    if (++depth > DEEPEST) {
      throw new TemplateException(current().line(), "nested more than " + DEEPEST + " levels deep");
    }
  }

  void leave() {
    depth--;
  }
}
