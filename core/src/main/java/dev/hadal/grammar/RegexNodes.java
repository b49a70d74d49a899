package dev.hadal.grammar;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A read regular expression as a node. How a character is spelled is the caller's. */
final class RegexNodes {
  private static final int MAX_WAYS = 1_000;

  private final Algebra algebra;
  private final Function<CodePoints, Node> spelling;
  private final Map<CodePoints, Node> spelled = new HashMap<>();

  RegexNodes(Algebra algebra, Function<CodePoints, Node> spelling) {
    this.algebra = algebra;
    this.spelling = spelling;
  }

  Node chars(CodePoints points) {
    return spelled.computeIfAbsent(points, spelling);
  }

  /** Texts that the pattern matches from end to end. */
  Node whole(String pattern) {
    return search(pattern, algebra.empty);
  }

  /** Texts in which the pattern is found, as JSON Schema's {@code pattern} means it. */
  Node anywhere(String pattern) {
    return search(pattern, algebra.star(chars(CodePoints.ALL)));
  }

  /**
   * @param around what may stand before a way that does not begin with {@code ^}, and behind one
   *     that does not end with {@code $}
   */
  private Node search(String pattern, Node around) {
    List<Node> ways = new ArrayList<>();
    for (List<Expr> parts : unfolded(pattern, RegexParser.parse(pattern))) {
      int from = 0;
      int to = parts.size();
      while (from < to && parts.get(from) instanceof Expr.Begin) {
        from++;
      }
      while (to > from && parts.get(to - 1) instanceof Expr.End) {
        to--;
      }
      Node way = node(pattern, new Expr.Sequence(parts.subList(from, to)));
      ways.add(
          algebra.seq(
              from > 0 ? algebra.empty : around, way, to < parts.size() ? algebra.empty : around));
    }
    return algebra.alt(ways);
  }

  /** The ways through a pattern, so that every anchor stands at the beginning or end of one. */
  private static List<List<Expr>> unfolded(String pattern, Expr expr) {
    if (!anchored(expr)) {
      return List.of(List.of(expr));
    }
    List<List<Expr>> result = new ArrayList<>();
    switch (expr) {
      case Expr.Either(List<Expr> of) -> of.forEach(e -> result.addAll(unfolded(pattern, e)));
      case Expr.Sequence(List<Expr> of) -> {
        result.add(List.of());
        for (Expr part : of) {
          List<List<Expr>> longer = new ArrayList<>();
          for (List<Expr> tail : unfolded(pattern, part)) {
            for (List<Expr> head : result) {
              List<Expr> both = new ArrayList<>(head);
              both.addAll(tail);
              longer.add(both);
            }
          }
          if (longer.size() > MAX_WAYS) {
            throw refused(pattern, "has anchors in too many alternatives");
          }
          result.clear();
          result.addAll(longer);
        }
      }
      case Expr.Times(Expr of, int min, int max) when max == 1 && min == 0 -> {
        result.add(List.of());
        result.addAll(unfolded(pattern, of));
      }
      case Expr.Times t -> throw refused(pattern, "repeats an anchor");
      case Expr.Chars c -> result.add(List.of(c));
      case Expr.Begin b -> result.add(List.of(b));
      case Expr.End e -> result.add(List.of(e));
    }
    return result;
  }

  private static boolean anchored(Expr expr) {
    return switch (expr) {
      case Expr.Begin b -> true;
      case Expr.End e -> true;
      case Expr.Chars c -> false;
      case Expr.Sequence(List<Expr> of) -> of.stream().anyMatch(RegexNodes::anchored);
      case Expr.Either(List<Expr> of) -> of.stream().anyMatch(RegexNodes::anchored);
      case Expr.Times(Expr of, int min, int max) -> anchored(of);
    };
  }

  private Node node(String pattern, Expr expr) {
    return switch (expr) {
      case Expr.Chars(CodePoints of) -> chars(of);
      case Expr.Sequence(List<Expr> of) ->
          algebra.seq(of.stream().map(e -> node(pattern, e)).toArray(Node[]::new));
      case Expr.Either(List<Expr> of) ->
          algebra.alt(of.stream().map(e -> node(pattern, e)).toList());
      case Expr.Times(Expr of, int min, int max) -> algebra.repeat(node(pattern, of), min, max);
      case Expr.Begin b -> throw refused(pattern, "has a ^ behind something");
      case Expr.End e -> throw refused(pattern, "has a $ before something");
    };
  }

  private static IllegalArgumentException refused(String pattern, String why) {
    return new IllegalArgumentException(
        "pattern '" + pattern + "' " + why + "; put anchors at its beginning and end");
  }
}
