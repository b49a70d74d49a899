package dev.hadal.grammar;

import java.util.List;

/** A regular expression, read but not yet spelled in bytes. */
sealed interface Expr {
  Expr EMPTY = new Sequence(List.of());

  record Chars(CodePoints of) implements Expr {}

  record Sequence(List<Expr> of) implements Expr {}

  record Either(List<Expr> of) implements Expr {}

  /**
   * @param max -1 for no end
   */
  record Times(Expr of, int min, int max) implements Expr {}

  /** {@code ^}. */
  record Begin() implements Expr {}

  /** {@code $}. */
  record End() implements Expr {}
}
