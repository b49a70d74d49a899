package dev.hadal.grammar;

import dev.hadal.grammar.Node.Shape.Alt;
import dev.hadal.grammar.Node.Shape.And;
import dev.hadal.grammar.Node.Shape.Bytes;
import dev.hadal.grammar.Node.Shape.Empty;
import dev.hadal.grammar.Node.Shape.Group;
import dev.hadal.grammar.Node.Shape.Not;
import dev.hadal.grammar.Node.Shape.Repeat;
import dev.hadal.grammar.Node.Shape.Rule;
import dev.hadal.grammar.Node.Shape.Seq;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Refuses rules that begin with themselves: no byte would ever be read on the way round. */
final class LeftRecursion {
  private final Set<Node> done = new HashSet<>();
  private final List<Node> path = new ArrayList<>();

  private LeftRecursion() {}

  /**
   * @throws IllegalArgumentException naming the rules of a circle
   */
  static void check(List<Node> nodes) {
    LeftRecursion search = new LeftRecursion();
    for (Node node : nodes) {
      if (node.shape instanceof Rule) {
        search.visit(node);
      }
    }
  }

  private void visit(Node rule) {
    int at = path.indexOf(rule);
    if (at >= 0) {
      List<String> names = new ArrayList<>();
      path.subList(at, path.size()).forEach(r -> names.add(name(r)));
      names.add(name(rule));
      throw new IllegalArgumentException(
          "rule '%s' begins with itself (%s); put something before the recursion, or write it as a repetition"
              .formatted(name(rule), String.join(" -> ", names)));
    }
    if (!done.contains(rule)) {
      path.add(rule);
      first(rule).forEach(this::visit);
      path.removeLast();
      done.add(rule);
    }
  }

  private static String name(Node rule) {
    return rule.shape instanceof Rule(String name) ? name : rule.toString();
  }

  /** The rules that a rule's body may begin with. */
  private static Set<Node> first(Node rule) {
    Set<Node> result = new HashSet<>();
    Set<Node> seen = new HashSet<>();
    Deque<Node> todo = new ArrayDeque<>();
    if (rule.body != null) {
      todo.add(rule.body);
    }
    while (!todo.isEmpty()) {
      Node node = todo.pop();
      if (node.regular || !seen.add(node)) {
        continue;
      }
      switch (node.shape) {
        case Rule r -> result.add(node);
        case Seq(Node first, Node rest) -> {
          todo.push(first);
          if (first.nullable) {
            todo.push(rest);
          }
        }
        case Alt(List<Node> of) -> of.forEach(todo::push);
        case And(List<Node> of) -> of.forEach(todo::push);
        case Repeat(Node of, int min, int max) -> todo.push(of);
        case Group(Node of) -> todo.push(of);
        case Not(Node of) -> todo.push(of);
        case Bytes b -> {}
        case Empty e -> {}
      }
    }
    return result;
  }
}
