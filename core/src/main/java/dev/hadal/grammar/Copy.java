package dev.hadal.grammar;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The same expression in another algebra, with names for its rules that are only its own. */
final class Copy {
  private final Algebra to;
  private final String scope;
  private final Map<Node, Node> made = new HashMap<>();

  Copy(Algebra to, String scope) {
    this.to = to;
    this.scope = scope;
  }

  Node of(Node node) {
    Node known = made.get(node);
    if (known != null) {
      return known;
    }
    if (node.shape instanceof Node.Shape.Rule(String name)) {
      Node rule = to.rule(scope + " " + name);
      made.put(node, rule);
      if (node.body != null) {
        to.define(rule, of(node.body));
      }
      return rule;
    }
    Node copy =
        switch (node.shape) {
          case Node.Shape.Bytes(ByteSet set) -> to.bytes(set);
          case Node.Shape.Empty e -> to.empty;
          case Node.Shape.Seq s -> sequence(node);
          case Node.Shape.Alt(List<Node> of) -> to.alt(of.stream().map(this::of).toList());
          case Node.Shape.And(List<Node> of) -> to.and(of.stream().map(this::of).toList());
          case Node.Shape.Not(Node of) -> to.not(of(of));
          case Node.Shape.Repeat(Node of, int min, int max) -> to.repeat(of(of), min, max);
          case Node.Shape.Group(Node of) -> to.group(of(of));
          case Node.Shape.Rule r -> node; // seen to above
        };
    copy.name = node.name;
    made.put(node, copy);
    return copy;
  }

  /** A long text is a long sequence: it is walked, not descended. */
  private Node sequence(Node node) {
    List<Node> parts = new ArrayList<>();
    Node at = node;
    while (at.shape instanceof Node.Shape.Seq(Node first, Node rest)) {
      parts.add(of(first));
      at = rest;
    }
    parts.add(of(at));
    return to.seq(parts.toArray(Node[]::new));
  }
}
