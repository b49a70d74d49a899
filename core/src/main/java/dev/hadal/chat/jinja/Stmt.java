package dev.hadal.chat.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement of the language, plain text included. */
sealed interface Stmt {
  int line();

  record Text(int line, String text) implements Stmt {}

  record Print(int line, Expr value) implements Stmt {}

  record Set(int line, Target target, Expr value) implements Stmt {}

  /** {@code {% set x %}...{% endset %}}, the text through the filter if there is one. */
  record SetBlock(int line, Target target, Expr.@Nullable Filter filter, List<Stmt> body)
      implements Stmt {}

  record If(int line, List<Branch> branches, List<Stmt> otherwise) implements Stmt {}

  record Branch(Expr test, List<Stmt> body) {}

  record For(
      int line,
      Target target,
      Expr items,
      @Nullable Expr test,
      boolean recursive,
      List<Stmt> body,
      List<Stmt> otherwise)
      implements Stmt {}

  record Break(int line) implements Stmt {}

  record Continue(int line) implements Stmt {}

  record With(int line, List<Target> targets, List<Expr> values, List<Stmt> body) implements Stmt {}

  record Macro(int line, String name, Signature signature, List<Stmt> body) implements Stmt {}

  /** {@code {% call(arguments) macro(...) %}body{% endcall %}}. */
  record CallBlock(int line, Signature signature, Expr.Call call, List<Stmt> body)
      implements Stmt {}

  record FilterBlock(int line, Expr.Filter filter, List<Stmt> body) implements Stmt {}

  /** A block; there is no inheritance here, so it stands for its own body. */
  record Block(int line, String name, boolean scoped, boolean required, List<Stmt> body)
      implements Stmt {}

  /** {@code {% generation %}}: what an assistant wrote; it prints like any other text. */
  record Generation(int line, List<Stmt> body) implements Stmt {}

  /** {@code {% autoescape x %}}; only false can be served. */
  record Autoescape(int line, Expr on, List<Stmt> body) implements Stmt {}

  record Do(int line, Expr value) implements Stmt {}

  /** Include, import, from, extends: there is no loader, so that reaching one fails. */
  record Load(int line, String tag) implements Stmt {}

  /**
   * A macro's parameters; {@code defaults} belong to the last ones.
   *
   * @param caller whether the body names {@code caller}; the next two likewise
   */
  record Signature(
      List<String> parameters,
      List<Expr> defaults,
      boolean caller,
      boolean varargs,
      boolean kwargs) {}

  /** Where a value is put. */
  sealed interface Target {
    record Name(String name) implements Target {}

    record Tuple(List<Target> targets) implements Target {}

    record Attribute(String namespace, String name) implements Target {}
  }
}
