package dev.hadal.chat.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression of the language. */
sealed interface Expr {
  int line();

  record Literal(int line, Object value) implements Expr {}

  record Name(int line, String name) implements Expr {}

  record TupleLiteral(int line, List<Expr> items) implements Expr {}

  record ListLiteral(int line, List<Expr> items) implements Expr {}

  record DictLiteral(int line, List<Expr> keys, List<Expr> values) implements Expr {}

  record Not(int line, Expr operand) implements Expr {}

  record Negative(int line, Expr operand) implements Expr {}

  record Positive(int line, Expr operand) implements Expr {}

  record And(int line, Expr left, Expr right) implements Expr {}

  record Or(int line, Expr left, Expr right) implements Expr {}

  /** An arithmetic operator: {@code + - * / // % **}. */
  record Binary(int line, String operator, Expr left, Expr right) implements Expr {}

  /** {@code a ~ b ~ c}. */
  record Concat(int line, List<Expr> parts) implements Expr {}

  /** {@code first op right op right ...}, true when every neighbouring pair is. */
  record Compare(int line, Expr first, List<Comparison> rest) implements Expr {}

  record Comparison(String operator, Expr right) {}

  record Conditional(int line, Expr test, Expr then, @Nullable Expr otherwise) implements Expr {}

  record Attribute(int line, Expr target, String name) implements Expr {}

  record Item(int line, Expr target, Expr key) implements Expr {}

  record Slice(int line, @Nullable Expr start, @Nullable Expr stop, @Nullable Expr step)
      implements Expr {}

  record Call(int line, Expr callee, CallArguments arguments) implements Expr {}

  /** A filter; without a target (in filter and set blocks) it works on the block's text. */
  record Filter(int line, @Nullable Expr target, String name, CallArguments arguments)
      implements Expr {}

  record Test(int line, Expr target, String name, CallArguments arguments) implements Expr {}

  /** {@code (a, b, key=c, *star, **doubleStar)}. */
  record CallArguments(
      List<Expr> positional, List<Keyword> named, @Nullable Expr star, @Nullable Expr doubleStar) {
    static final CallArguments NONE = new CallArguments(List.of(), List.of(), null, null);

    boolean isEmpty() {
      return positional.isEmpty() && named.isEmpty() && star == null && doubleStar == null;
    }
  }

  record Keyword(String name, Expr value) {}
}
