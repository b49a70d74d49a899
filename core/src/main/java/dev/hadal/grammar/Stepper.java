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
import dev.hadal.grammar.Node.Steps;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From an expression to the expression after a byte, remembered. */
final class Stepper {
  /** About 60 MB of states; far more than one form needs. */
  private static final int MAX_NODES = 300_000;

  private static final int MAX_SEARCH = 200_000;

  private final Algebra algebra;
  private final Set<Node> dead = new HashSet<>();

  Stepper(Algebra algebra) {
    this.algebra = algebra;
  }

  Node step(Node state, int value) {
    Steps steps = state.steps;
    if (steps != null) {
      Node next = steps.next()[steps.of()[value] & 0xFF];
      if (next != null) {
        return next;
      }
    }
    synchronized (this) {
      if (algebra.sealed() && algebra.size() > MAX_NODES) {
        algebra.forget();
      }
      return made(state, value);
    }
  }

  void forget() {
    dead.clear();
  }

  private Node made(Node state, int value) {
    Steps steps = state.steps;
    if (steps == null) {
      Partition partition = partition(state);
      steps = new Steps(partition.of, new @Nullable Node[partition.count]);
      state.steps = steps;
    }
    int at = steps.of()[value] & 0xFF;
    Node next = steps.next()[at];
    if (next == null) {
      next = derivative(state, value);
      if (!algebra.isLive(next)) {
        next = algebra.none;
      }
      VarHandle.storeStoreFence(); // read without the lock: first what it is, then where it is
      steps.next()[at] = next;
    }
    return next;
  }

  private Node derivative(Node node, int value) {
    return switch (node.shape) {
      case Bytes(ByteSet set) -> set.contains(value) ? algebra.empty : algebra.none;
      case Empty e -> algebra.none;
      case Seq(Node first, Node rest) -> {
        Node through = algebra.seq(made(first, value), rest);
        yield first.nullable ? algebra.alt(through, made(rest, value)) : through;
      }
      case Alt(List<Node> of) -> algebra.alt(each(of, value));
      case And(List<Node> of) -> algebra.and(each(of, value));
      case Not(Node of) -> algebra.not(made(of, value));
      case Repeat(Node of, int min, int max) ->
          algebra.seq(
              made(of, value), algebra.repeat(of, Math.max(0, min - 1), max < 0 ? -1 : max - 1));
      case Group(Node of) -> algebra.group(made(of, value));
      case Rule r -> made(body(node), value);
    };
  }

  private List<Node> each(List<Node> of, int value) {
    List<Node> result = new ArrayList<>(of.size());
    for (Node node : of) {
      result.add(made(node, value));
    }
    return result;
  }

  private static Node body(Node rule) {
    Node body = rule.body;
    if (body == null) {
      throw new IllegalStateException("the grammar was walked before it was sealed");
    }
    return body;
  }

  private Partition partition(Node node) {
    Partition known = node.partition;
    if (known != null) {
      return known;
    }
    Partition.Pool pool = algebra.partitions();
    Partition made =
        switch (node.shape) {
          case Bytes(ByteSet set) -> pool.of(set);
          case Empty e -> pool.whole;
          case Seq(Node first, Node rest) ->
              first.nullable ? pool.meet(partition(first), partition(rest)) : partition(first);
          case Alt(List<Node> of) -> meet(pool, of);
          case And(List<Node> of) -> meet(pool, of);
          case Not(Node of) -> partition(of);
          case Repeat(Node of, int min, int max) -> partition(of);
          case Group(Node of) -> partition(of);
          case Rule r -> partition(body(node));
        };
    node.partition = made;
    return made;
  }

  private Partition meet(Partition.Pool pool, List<Node> of) {
    Partition result = pool.whole;
    for (Node node : of) {
      result = pool.meet(result, partition(node));
    }
    return result;
  }

  /** Every node that may follow, each once, without the dead end. */
  synchronized Set<Node> successors(Node node) {
    Set<Node> result = new LinkedHashSet<>();
    byte[] of = partition(node).of;
    boolean[] seen = new boolean[256];
    for (int value = 0; value < 256; value++) {
      if (!seen[of[value] & 0xFF]) {
        seen[of[value] & 0xFF] = true;
        Node next = made(node, value);
        if (next != algebra.none) {
          result.add(next);
        }
      }
    }
    return result;
  }

  /** Whether some text matches all of an intersection; its states are walked to find out. */
  synchronized boolean reachesAnEnd(Node start) {
    if (dead.contains(start)) {
      return false;
    }
    Map<Node, Node> from = new HashMap<>();
    Deque<Node> todo = new ArrayDeque<>();
    from.put(start, start);
    todo.push(start);
    while (!todo.isEmpty()) {
      Node at = todo.pop();
      for (Node next : unmarked(at)) {
        if (next.live) {
          for (Node back = at; !back.live; back = from.getOrDefault(back, back)) {
            back.live = true;
          }
          return true;
        }
        if (next.shape instanceof And
            && !dead.contains(next)
            && from.putIfAbsent(next, at) == null) {
          todo.push(next);
        }
      }
      if (from.size() > MAX_SEARCH) {
        throw new IllegalArgumentException(
            "a text's conditions together have more than %,d states; make its bounds smaller or its pattern simpler"
                .formatted(MAX_SEARCH));
      }
    }
    dead.addAll(from.keySet());
    return false;
  }

  /** As {@link #successors}, of an intersection; nothing is found out about intersections made. */
  private List<Node> unmarked(Node node) {
    if (!(node.shape instanceof And(List<Node> of))) {
      throw new IllegalStateException("only an intersection's end is searched for");
    }
    List<Node> result = new ArrayList<>();
    byte[] classes = partition(node).of;
    boolean[] seen = new boolean[256];
    for (int value = 0; value < 256; value++) {
      if (!seen[classes[value] & 0xFF]) {
        seen[classes[value] & 0xFF] = true;
        Node next = algebra.andUnmarked(each(of, value));
        if (next != algebra.none) {
          result.add(next);
        }
      }
    }
    return result;
  }
}
