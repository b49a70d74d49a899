package dev.hadal.chat.jinja;

import dev.hadal.chat.jinja.Expr.CallArguments;
import dev.hadal.chat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads expressions by recursive descent. From loose to tight: {@code a if b else c}, {@code or},
 * {@code and}, {@code not}, comparisons with {@code in}, {@code + -}, {@code ~}, {@code * / // %},
 * {@code **} (from left to right, unlike Python's), sign, then calls, items, filters and tests.
 */
final class ExpressionParser {
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

  private final TokenStream in;

  /** The names read since a macro began, so that it knows whether its body asks for the caller. */
  private Set<String> namesRead = new HashSet<>();

  ExpressionParser(TokenStream in) {
    this.in = in;
  }

  Set<String> startCollectingNames() {
    Set<String> outer = namesRead;
    namesRead = new HashSet<>();
    return outer;
  }

  /** The names since the start; the outer collection goes on with them. */
  Set<String> stopCollectingNames(Set<String> outer) {
    Set<String> collected = namesRead;
    namesRead = outer;
    return collected;
  }

  Expr expression() {
    in.enter();
    int line = in.current().line();
    Expr value = or();
    while (in.skipName("if")) {
      Expr test = or();
      Expr otherwise = in.skipName("else") ? expression() : null;
      value = new Expr.Conditional(line, test, value, otherwise);
    }
    in.leave();
    return value;
  }

  /** An expression, or a tuple of several without parentheses. */
  Expr tupleOrExpression(boolean conditional, boolean mayBeEmpty, @Nullable String endName) {
    int line = in.current().line();
    List<Expr> items = new ArrayList<>();
    boolean tuple = false;
    while (!atTupleEnd(endName)) {
      items.add(conditional ? expression() : or());
      if (!in.skipOperator(",")) {
        break;
      }
      tuple = true;
    }
    if (!tuple && items.size() == 1) {
      return items.getFirst();
    }
    if (items.isEmpty() && !mayBeEmpty) {
      throw in.unexpected("an expression");
    }
    return new Expr.TupleLiteral(line, items);
  }

  private boolean atTupleEnd(@Nullable String endName) {
    return in.is(Kind.VARIABLE_END)
        || in.is(Kind.BLOCK_END)
        || in.isOperator(")")
        || (endName != null && in.isName(endName));
  }

  private Expr or() {
    Expr left = and();
    while (in.isName("or")) {
      int line = in.next().line();
      left = new Expr.Or(line, left, and());
    }
    return left;
  }

  private Expr and() {
    Expr left = not();
    while (in.isName("and")) {
      int line = in.next().line();
      left = new Expr.And(line, left, not());
    }
    return left;
  }

  private Expr not() {
    if (!in.isName("not")) {
      return compare();
    }
    in.enter();
    int line = in.next().line();
    Expr operand = not();
    in.leave();
    return new Expr.Not(line, operand);
  }

  private Expr compare() {
    int line = in.current().line();
    Expr first = sum();
    List<Expr.Comparison> rest = new ArrayList<>();
    while (true) {
      if (in.is(Kind.OPERATOR) && COMPARISONS.contains(in.current().text())) {
        String operator = in.next().text();
        rest.add(new Expr.Comparison(operator, sum()));
      } else if (in.skipName("in")) {
        rest.add(new Expr.Comparison("in", sum()));
      } else if (in.isName("not") && in.lookAhead().isName("in")) {
        in.next();
        in.next();
        rest.add(new Expr.Comparison("not in", sum()));
      } else {
        return rest.isEmpty() ? first : new Expr.Compare(line, first, rest);
      }
    }
  }

  private Expr sum() {
    Expr left = concat();
    while (in.isOperator("+") || in.isOperator("-")) {
      Token operator = in.next();
      left = new Expr.Binary(operator.line(), operator.text(), left, concat());
    }
    return left;
  }

  private Expr concat() {
    int line = in.current().line();
    Expr first = product();
    if (!in.isOperator("~")) {
      return first;
    }
    List<Expr> parts = new ArrayList<>(List.of(first));
    while (in.skipOperator("~")) {
      parts.add(product());
    }
    return new Expr.Concat(line, parts);
  }

  private Expr product() {
    Expr left = power();
    while (in.isOperator("*") || in.isOperator("/") || in.isOperator("//") || in.isOperator("%")) {
      Token operator = in.next();
      left = new Expr.Binary(operator.line(), operator.text(), left, power());
    }
    return left;
  }

  private Expr power() {
    Expr left = unary(true);
    while (in.isOperator("**")) {
      Token operator = in.next();
      left = new Expr.Binary(operator.line(), operator.text(), left, unary(true));
    }
    return left;
  }

  private Expr unary(boolean withFilters) {
    in.enter();
    int line = in.current().line();
    Expr value;
    if (in.skipOperator("-")) {
      value = new Expr.Negative(line, unary(false));
    } else if (in.skipOperator("+")) {
      value = new Expr.Positive(line, unary(false));
    } else {
      value = primary();
    }
    value = postfix(value);
    if (withFilters) {
      value = filtersAndTests(value);
    }
    in.leave();
    return value;
  }

  private Expr primary() {
    Token token = in.current();
    switch (token.kind()) {
      case NAME -> {
        in.next();
        return switch (token.text()) {
          case "true", "True" -> new Expr.Literal(token.line(), true);
          case "false", "False" -> new Expr.Literal(token.line(), false);
          case "none", "None" -> new Expr.Literal(token.line(), None.NONE);
          default -> {
            namesRead.add(token.text());
            yield new Expr.Name(token.line(), token.text());
          }
        };
      }
      case STRING -> {
        return strings(token.line());
      }
      case INTEGER, FLOAT -> {
        in.next();
        return new Expr.Literal(token.line(), token.value());
      }
      case OPERATOR -> {
        switch (token.text()) {
          case "(" -> {
            in.next();
            Expr inside = tupleOrExpression(true, true, null);
            in.expectOperator(")");
            return inside;
          }
          case "[" -> {
            return list();
          }
          case "{" -> {
            return dict();
          }
          default -> throw in.unexpected("an expression");
        }
      }
      default -> throw in.unexpected("an expression");
    }
  }

  private Expr strings(int line) {
    String first = in.next().text();
    if (!in.is(Kind.STRING)) {
      return new Expr.Literal(line, first);
    }
    StringBuilder joined = new StringBuilder(first);
    while (in.is(Kind.STRING)) {
      joined.append(in.next().text());
    }
    return new Expr.Literal(line, joined.toString());
  }

  private Expr list() {
    int line = in.next().line();
    List<Expr> items = new ArrayList<>();
    while (!in.skipOperator("]")) {
      items.add(expression());
      if (!in.isOperator("]")) {
        in.expectOperator(",");
      }
    }
    return new Expr.ListLiteral(line, items);
  }

  private Expr dict() {
    int line = in.next().line();
    List<Expr> keys = new ArrayList<>();
    List<Expr> values = new ArrayList<>();
    while (!in.skipOperator("}")) {
      keys.add(expression());
      in.expectOperator(":");
      values.add(expression());
      if (!in.isOperator("}")) {
        in.expectOperator(",");
      }
    }
    return new Expr.DictLiteral(line, keys, values);
  }

  private Expr postfix(Expr start) {
    Expr value = start;
    while (true) {
      if (in.isOperator(".")) {
        value = attribute(value);
      } else if (in.isOperator("[")) {
        value = subscript(value);
      } else if (in.isOperator("(")) {
        value = call(value);
      } else {
        return value;
      }
    }
  }

  private Expr filtersAndTests(Expr start) {
    Expr value = start;
    while (true) {
      if (in.isOperator("|")) {
        value = filters(value, false);
      } else if (in.isName("is")) {
        value = test(value);
      } else if (in.isOperator("(")) {
        value = call(value);
      } else {
        return value;
      }
    }
  }

  private Expr call(Expr callee) {
    return new Expr.Call(in.current().line(), callee, arguments());
  }

  private Expr attribute(Expr target) {
    int line = in.next().line();
    if (in.is(Kind.NAME)) {
      return new Expr.Attribute(line, target, in.next().text());
    }
    Token index = in.expect(Kind.INTEGER);
    return new Expr.Item(line, target, new Expr.Literal(line, index.value()));
  }

  private Expr subscript(Expr target) {
    int line = in.next().line();
    List<Expr> keys = new ArrayList<>();
    while (!in.skipOperator("]")) {
      if (!keys.isEmpty()) {
        in.expectOperator(",");
      }
      keys.add(key());
    }
    Expr key = keys.size() == 1 ? keys.getFirst() : new Expr.TupleLiteral(line, keys);
    return new Expr.Item(line, target, key);
  }

  private Expr key() {
    int line = in.current().line();
    Expr start = in.isOperator(":") ? null : expression();
    if (!in.skipOperator(":")) {
      return start == null ? new Expr.Literal(line, None.NONE) : start;
    }
    Expr stop = bound();
    Expr step = in.skipOperator(":") ? bound() : null;
    return new Expr.Slice(line, start, stop, step);
  }

  private @Nullable Expr bound() {
    return in.isOperator(":") || in.isOperator("]") || in.isOperator(",") ? null : expression();
  }

  private CallArguments arguments() {
    int line = in.current().line();
    in.expectOperator("(");
    List<Expr> positional = new ArrayList<>();
    List<Expr.Keyword> named = new ArrayList<>();
    Expr star = null;
    Expr doubleStar = null;
    while (!in.skipOperator(")")) {
      if (in.isOperator("*") && star == null && doubleStar == null) {
        in.next();
        star = expression();
      } else if (in.isOperator("**") && doubleStar == null) {
        in.next();
        doubleStar = expression();
      } else if (in.is(Kind.NAME) && in.lookAhead().isOperator("=") && doubleStar == null) {
        String name = in.next().text();
        in.next();
        named.add(new Expr.Keyword(name, expression()));
      } else if (star == null && doubleStar == null && named.isEmpty()) {
        positional.add(expression());
      } else {
        throw new TemplateException(line, "arguments must stand in the order a, key=b, *c, **d");
      }
      if (!in.isOperator(")")) {
        in.expectOperator(",");
      }
    }
    return new CallArguments(positional, named, star, doubleStar);
  }

  /** {@code | name(arguments) | ...}; in a filter block the first one has no bar before it. */
  Expr.Filter filters(@Nullable Expr target, boolean first) {
    Expr value = target;
    boolean inline = first;
    while (true) {
      if (!inline) {
        in.expectOperator("|");
      }
      inline = false;
      int line = in.current().line();
      Expr.Filter filter =
          new Expr.Filter(
              line, value, dottedName(), in.isOperator("(") ? arguments() : CallArguments.NONE);
      if (!in.isOperator("|")) {
        return filter;
      }
      value = filter;
    }
  }

  private String dottedName() {
    StringBuilder name = new StringBuilder(in.expect(Kind.NAME).text());
    while (in.skipOperator(".")) {
      name.append('.').append(in.expect(Kind.NAME).text());
    }
    return name.toString();
  }

  private Expr test(Expr target) {
    int line = in.next().line();
    boolean negated = in.skipName("not");
    String name = dottedName();
    CallArguments arguments = CallArguments.NONE;
    if (in.isOperator("(")) {
      arguments = arguments();
    } else if (startsTestArgument()) {
      if (in.isName("is")) {
        throw new TemplateException(line, "tests cannot be chained with 'is'; put parentheses");
      }
      in.enter();
      arguments = new CallArguments(List.of(postfix(primary())), List.of(), null, null);
      in.leave();
    }
    Expr test = new Expr.Test(line, target, name, arguments);
    return negated ? new Expr.Not(line, test) : test;
  }

  private boolean startsTestArgument() {
    return switch (in.current().kind()) {
      case NAME -> !in.isName("else") && !in.isName("or") && !in.isName("and");
      case STRING, INTEGER, FLOAT -> true;
      case OPERATOR -> in.isOperator("[") || in.isOperator("{");
      default -> false;
    };
  }
}
