package dev.hadal.grammar;

import dev.hadal.grammar.Node.Shape;
import dev.hadal.grammar.Node.Shape.Alt;
import dev.hadal.grammar.Node.Shape.And;
import dev.hadal.grammar.Node.Shape.Bytes;
import dev.hadal.grammar.Node.Shape.Empty;
import dev.hadal.grammar.Node.Shape.Group;
import dev.hadal.grammar.Node.Shape.Not;
import dev.hadal.grammar.Node.Shape.Repeat;
import dev.hadal.grammar.Node.Shape.Rule;
import dev.hadal.grammar.Node.Shape.Seq;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The expressions of one grammar and how they are put together: equal ones are the same {@link
 * Node}. Building is one thread's; after {@link #seal} it may be stepped from any.
 *
 * <p>A state is an expression of what may still come, and the state after a byte is its derivative
 * (Brzozowski 1964; with rules, Might, Darais and Spiewak 2011). A sequence of what is left to
 * match is the stack of a pushdown automaton, a choice of sequences its set of stacks; regular
 * parts become automata as they are walked.
 */
final class Algebra {
  /** More ways at once than this are an ambiguity: those beyond are not followed. */
  private static final int MAX_WAYS = 512;

  private static final int MAX_BUILT = 2_000_000;

  final Node none;
  final Node empty;

  /** Every text. */
  final Node all;

  private final Map<Shape, Node> table = new HashMap<>();
  private final List<Node> built = new ArrayList<>();
  private final Partition.Pool partitions = new Partition.Pool();
  private final Stepper stepper;
  private int ids;
  private boolean sealed;
  private int searching;

  Algebra() {
    stepper = new Stepper(this);
    none = node(new Bytes(ByteSet.NONE));
    empty = node(new Empty());
    all = node(new Not(none));
  }

  Partition.Pool partitions() {
    return partitions;
  }

  boolean sealed() {
    return sealed;
  }

  // --- building

  Node bytes(ByteSet set) {
    return node(new Bytes(set));
  }

  Node byteOf(int value) {
    return bytes(ByteSet.of(value));
  }

  /** The UTF-8 bytes of a text. */
  Node text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Node result = empty;
    for (int i = bytes.length - 1; i >= 0; i--) {
      result = seq(byteOf(bytes[i] & 0xFF), result);
    }
    return result;
  }

  Node seq(Node... parts) {
    Node result = empty;
    for (int i = parts.length - 1; i >= 0; i--) {
      result = pair(parts[i], result);
    }
    return result;
  }

  private Node pair(Node first, Node rest) {
    if (first == none || rest == none) {
      return none;
    }
    if (first == empty) {
      return rest;
    }
    if (rest == empty) {
      return first;
    }
    if (first.shape instanceof Seq(Node head, Node tail)) {
      return pair(head, pair(tail, rest));
    }
    return node(new Seq(first, rest));
  }

  Node alt(Node... ways) {
    return alt(Arrays.asList(ways));
  }

  Node alt(Collection<Node> ways) {
    if (ways.size() == 1) {
      return ways.iterator().next();
    }
    TreeSet<Node> flat = new TreeSet<>((x, y) -> Integer.compare(x.id, y.id));
    ByteSet set = ByteSet.NONE;
    Map<Node, ByteSet> heads = new LinkedHashMap<>();
    ArrayList<Node> todo = new ArrayList<>(ways);
    for (int i = 0; i < todo.size(); i++) {
      Node way = todo.get(i);
      switch (way.shape) {
        case Alt(List<Node> of) -> todo.addAll(of);
        case Bytes(ByteSet s) -> set = set.or(s);
        case Seq(Node first, Node rest) when first.shape instanceof Bytes(ByteSet s) ->
            heads.merge(rest, s, ByteSet::or);
        default -> flat.add(way);
      }
    }
    heads.forEach((rest, s) -> flat.add(pair(bytes(s), rest)));
    if (!set.equals(ByteSet.NONE)) {
      flat.add(bytes(set));
    }
    if (flat.contains(all)) {
      return all;
    }
    if (flat.isEmpty()) {
      return none;
    }
    if (flat.size() == 1) {
      return flat.first();
    }
    List<Node> of = List.copyOf(flat);
    return node(new Alt(sealed && of.size() > MAX_WAYS ? of.subList(0, MAX_WAYS) : of));
  }

  Node optional(Node of) {
    return alt(empty, of);
  }

  Node and(Node... parts) {
    return and(Arrays.asList(parts));
  }

  Node and(Collection<Node> parts) {
    TreeSet<Node> flat = new TreeSet<>((x, y) -> Integer.compare(x.id, y.id));
    for (Node part : parts) {
      if (part == none) {
        return none;
      }
      if (part.shape instanceof And(List<Node> of)) {
        flat.addAll(of);
      } else if (part != all) {
        flat.add(part);
      }
    }
    if (flat.isEmpty()) {
      return all;
    }
    if (flat.contains(empty)) {
      return flat.stream().allMatch(n -> n.nullable) ? empty : none;
    }
    return flat.size() == 1 ? flat.first() : node(new And(List.copyOf(flat)));
  }

  /** An intersection, without asking whether any text matches: for who is finding that out. */
  Node andUnmarked(Collection<Node> parts) {
    searching++;
    try {
      return and(parts);
    } finally {
      searching--;
    }
  }

  Node not(Node of) {
    return of.shape instanceof Not(Node inner) ? inner : node(new Not(of));
  }

  Node star(Node of) {
    return repeat(of, 0, -1);
  }

  /**
   * @param max -1 for no end
   */
  Node repeat(Node of, int min, int max) {
    if (max == 0 || of == empty) {
      return empty;
    }
    if (of == none) {
      return min == 0 ? empty : none;
    }
    if (min == 1 && max == 1) {
      return of;
    }
    if (of.shape instanceof Repeat(Node inner, int m, int x) && m <= 1 && x < 0 && max < 0) {
      return repeat(inner, Math.min(m, min), -1);
    }
    return node(new Repeat(of, min, max));
  }

  Node group(Node of) {
    return of == empty || of == none || of.shape instanceof Group ? of : node(new Group(of));
  }

  /** A rule, to be given its body with {@link #define}. */
  Node rule(String name) {
    return node(new Rule(name));
  }

  void define(Node rule, Node body) {
    rule.body = body;
  }

  /** Masks are worked out, and answers stepped, by several threads: one lock for all of them. */
  private Node node(Shape shape) {
    synchronized (stepper) {
      Node known = table.get(shape);
      return known != null ? known : create(shape);
    }
  }

  private Node create(Shape shape) {
    Node node = new Node(ids++, shape, regular(shape));
    table.put(shape, node);
    if (!sealed) {
      built.add(node);
      if (built.size() > MAX_BUILT) {
        throw new IllegalArgumentException(
            "the grammar has more than %,d parts; make bounds or alternatives fewer"
                .formatted(MAX_BUILT));
      }
    }
    if (sealed || node.regular) {
      mark(node);
    }
    return node;
  }

  private static boolean regular(Shape shape) {
    return switch (shape) {
      case Bytes b -> true;
      case Empty e -> true;
      case Rule r -> false;
      case Seq(Node first, Node rest) -> first.regular && rest.regular;
      case Alt(List<Node> of) -> of.stream().allMatch(n -> n.regular);
      case And(List<Node> of) -> of.stream().allMatch(n -> n.regular);
      case Not(Node of) -> of.regular;
      case Repeat(Node of, int min, int max) -> of.regular;
      case Group(Node of) -> of.regular;
    };
  }

  /** Works out what depends only on parts; whether that changed anything. */
  private boolean mark(Node node) {
    boolean nullable =
        switch (node.shape) {
          case Bytes b -> false;
          case Empty e -> true;
          case Seq(Node first, Node rest) -> first.nullable && rest.nullable;
          case Alt(List<Node> of) -> of.stream().anyMatch(n -> n.nullable);
          case And(List<Node> of) -> of.stream().allMatch(n -> n.nullable);
          case Not(Node of) -> !of.nullable;
          case Repeat(Node of, int min, int max) -> min == 0 || of.nullable;
          case Group(Node of) -> of.nullable;
          case Rule r -> node.body != null && node.body.nullable;
        };
    boolean live =
        node.live
            || nullable
            || switch (node.shape) {
              case Bytes(ByteSet set) -> !set.equals(ByteSet.NONE);
              case Empty e -> true;
              case Seq(Node first, Node rest) -> isLive(first) && isLive(rest);
              case Alt(List<Node> of) -> of.stream().anyMatch(this::isLive);
              case And(List<Node> of) -> searching == 0 && isLive(node);
              case Not(Node of) -> true;
              case Repeat(Node of, int min, int max) -> min == 0 || isLive(of);
              case Group(Node of) -> isLive(of);
              case Rule r -> node.body != null && isLive(node.body);
            };
    boolean changed = nullable != node.nullable || live != node.live;
    node.nullable = nullable;
    node.live = live;
    return changed;
  }

  // --- using

  /** Whether some text matches. */
  boolean isLive(Node node) {
    return node.live
        || (node.shape instanceof And(List<Node> of)
            && of.stream().allMatch(this::isLive)
            && stepper.reachesAnEnd(node));
  }

  /**
   * Ends building.
   *
   * @throws IllegalArgumentException if a rule is missing, or begins with itself
   */
  void seal() {
    for (Node node : built) {
      if (node.shape instanceof Rule(String name) && node.body == null) {
        throw new IllegalArgumentException(
            "rule '" + name + "' is used but nowhere defined; define it or correct its name");
      }
    }
    // Parts are older than what they are part of, so that one pass carries marks all the way up.
    boolean changed = true;
    while (changed) {
      changed = false;
      for (Node node : built) {
        if (!node.regular) {
          changed |= mark(node);
        }
      }
    }
    LeftRecursion.check(built);
    sealed = true;
  }

  /** What may come after a byte; {@link #none} if it may not. */
  Node step(Node state, int value) {
    return stepper.step(state, value);
  }

  /** Every state that may come after one more byte. */
  Set<Node> successors(Node state) {
    return stepper.successors(state);
  }

  /** What may come after some bytes. */
  Node step(Node state, byte[] bytes) {
    Node at = state;
    for (int i = 0; i < bytes.length && at != none; i++) {
      at = step(at, bytes[i] & 0xFF);
    }
    return at;
  }

  boolean matches(Node state, String text) {
    return step(state, text.getBytes(StandardCharsets.UTF_8)).nullable;
  }

  /** Forgets what was made since building ended: it is made again when it is needed. */
  void forget() {
    synchronized (stepper) {
      table.values().forEach(node -> node.steps = null);
      table.clear();
      built.forEach(node -> table.put(node.shape, node));
      stepper.forget();
    }
  }

  int size() {
    return table.size();
  }
}
