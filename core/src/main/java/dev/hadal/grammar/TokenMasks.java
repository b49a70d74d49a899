package dev.hadal.grammar;

import dev.hadal.grammar.Node.Shape.Alt;
import dev.hadal.grammar.Node.Shape.Group;
import dev.hadal.grammar.Node.Shape.Repeat;
import dev.hadal.grammar.Node.Shape.Rule;
import dev.hadal.grammar.Node.Shape.Seq;
import dev.hadal.grammar.Node.Steps;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which tokens of one vocabulary a state allows, remembered by state.
 *
 * <p>A state is a stack. What its top unit allows by itself is worked out once, wherever the unit
 * stands, together with the places in the vocabulary's tree where the unit may end; only from those
 * is the rest of the stack walked. This is XGrammar's division of tokens (arXiv:2411.15100): for a
 * JSON string the unit settles all but a few thousand tokens.
 */
final class TokenMasks {
  /** 16 KiB each for 128 Ki tokens: 64 MiB at most. */
  private static final int MAX_MASKS = 4096;

  private static final int MAX_UNITS = 1024;

  private final Algebra algebra;
  private final TokenTrie trie;
  private final Map<Node, long[]> masks = new ConcurrentHashMap<>();
  private final Map<Node, Unit> units = new ConcurrentHashMap<>();
  private final Node[] path;

  /** A walk leaves out what is not deeper than this. */
  private int deeper;

  /**
   * What a unit at the top of a stack allows.
   *
   * @param mask tokens that end in it or with it
   * @param exits where in the tree it may end before a token does
   */
  record Unit(long[] mask, int[] exits) {}

  TokenMasks(Algebra algebra, TokenTrie trie) {
    this.algebra = algebra;
    this.trie = trie;
    this.path = new Node[trie.longest + 1];
  }

  TokenTrie trie() {
    return trie;
  }

  Algebra algebra() {
    return algebra;
  }

  /** The tokens that may come in a state; not to be written to. */
  long[] allowed(Node state) {
    long[] known = masks.get(state);
    return known != null ? known : worked(state);
  }

  private synchronized long[] worked(Node state) {
    long[] mask = new long[trie.words()];
    add(state, mask);
    if (state.nullable || isEmpty(mask)) { // nothing left: better to end than to choose from none
      for (int i = 0; i < mask.length; i++) {
        mask[i] |= trie.ends[i];
      }
    }
    if (masks.size() >= MAX_MASKS) {
      masks.clear();
    }
    masks.put(state, mask);
    return mask;
  }

  private static boolean isEmpty(long[] mask) {
    return Arrays.stream(mask).allMatch(word -> word == 0);
  }

  private void add(Node state, long[] mask) {
    if (state.shape instanceof Alt(List<Node> of)) {
      List<Node> light = new ArrayList<>();
      for (Node way : of) {
        if (way.shape instanceof Seq(Node first, Node rest) && isUnit(first)) {
          addStack(first, rest, mask);
        } else if (isUnit(way)) {
          addStack(way, algebra.empty, mask);
        } else {
          light.add(way);
        }
      }
      walk(0, trie.size, 0, algebra.alt(light), mask, null);
    } else if (state.shape instanceof Seq(Node first, Node rest) && isUnit(first)) {
      addStack(first, rest, mask);
    } else if (isUnit(state)) {
      addStack(state, algebra.empty, mask);
    } else {
      walk(0, trie.size, 0, state, mask, null);
    }
  }

  private static boolean isUnit(Node node) {
    return node.shape instanceof Group || node.shape instanceof Rule;
  }

  private void addStack(Node first, Node rest, long[] mask) {
    Unit unit = unit(first);
    for (int i = 0; i < mask.length; i++) {
      mask[i] |= unit.mask[i];
    }
    if (rest != algebra.empty) {
      for (int exit : unit.exits) {
        walk(exit + 1, trie.skip[exit], trie.depth[exit], rest, mask, null);
      }
      if (first.nullable) {
        add(rest, mask);
      }
    }
  }

  private Unit unit(Node node) {
    Node unit = clamped(node);
    String name = unit.name;
    Unit known = name == null ? units.get(unit) : trie.shared.get(name);
    if (known != null) {
      return known;
    }
    Unit made = counted(unit);
    if (made == null) {
      long[] mask = new long[trie.words()];
      Exits exits = new Exits();
      walk(0, trie.size, 0, unit, mask, exits);
      made = new Unit(mask, exits.toArray());
    }
    if (name != null) {
      trie.shared.put(name, made);
    } else {
      if (units.size() >= MAX_UNITS) {
        units.clear();
      }
      units.put(unit, made);
    }
    return made;
  }

  /**
   * A unit that begins with at most so many of something: it differs from one without that end only
   * in tokens of more bytes, and only those are walked. Null if it is none.
   */
  private @Nullable Unit counted(Node unit) {
    if (!(unit.shape instanceof Group(Node of)
        && of.shape instanceof Seq(Node first, Node rest)
        && first.shape instanceof Repeat(Node item, int min, int max)
        && max > 0)) {
      return null;
    }
    Unit endless = unit(algebra.group(algebra.seq(algebra.repeat(item, min, -1), rest)));
    long[] mask = endless.mask.clone();
    for (int i = 0; i < trie.byLength.length; i++) {
      int token = trie.byLength[i];
      if (trie.bytes(token).length <= max) {
        break;
      }
      mask[token >> 6] &= ~(1L << token);
    }
    Exits exits = new Exits();
    for (int exit : endless.exits) {
      if (trie.depth[exit] <= max) {
        exits.add(exit);
      }
    }
    deeper = max;
    walk(0, trie.size, 0, unit, mask, exits);
    deeper = 0;
    return new Unit(mask, exits.toArray());
  }

  /**
   * The unit with counts that no token can reach taken as no counts, so that a text of at most 1000
   * characters is not a thousand units.
   */
  private Node clamped(Node unit) {
    if (unit.shape instanceof Group(Node of)
        && of.shape instanceof Seq(Node first, Node rest)
        && first.shape instanceof Repeat(Node item, int min, int max)) {
      int reach = trie.longest;
      Node count = algebra.repeat(item, Math.min(min, reach + 1), max > reach ? -1 : max);
      return count == first ? unit : algebra.group(algebra.seq(count, rest));
    }
    return unit;
  }

  /**
   * Marks the tokens of a part of the tree that a state allows.
   *
   * @param base the depth of the node above the part
   * @param exits told where the state may end with more of a token to come
   */
  private void walk(int from, int to, int base, Node state, long[] mask, @Nullable Exits exits) {
    Node none = algebra.none;
    byte[] label = trie.label;
    short[] depth = trie.depth;
    int[] skip = trie.skip;
    int[] token = trie.token;
    path[base] = state;
    int i = from;
    while (i < to) {
      int d = depth[i];
      Node above = path[d - 1];
      int value = label[i] & 0xFF;
      Steps steps = above.steps;
      Node next = steps == null ? null : steps.next()[steps.of()[value] & 0xFF];
      if (next == null) {
        next = algebra.step(above, value);
      }
      if (next == none || trie.deepest[i] <= deeper) {
        i = skip[i];
        continue;
      }
      path[d] = next;
      for (int t = token[i]; t >= 0; t = trie.twin[t]) {
        mask[t >> 6] |= 1L << t;
      }
      if (exits != null && next.nullable && skip[i] > i + 1 && d > deeper) {
        exits.add(i);
      }
      i++;
    }
  }

  /** Works out the masks of the states nearest to a start, for at most so long. */
  void prepare(Node start, Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    Set<Node> seen = new HashSet<>(Set.of(start));
    Deque<Node> todo = new ArrayDeque<>(seen);
    while (!todo.isEmpty() && System.nanoTime() < end && masks.size() < MAX_MASKS / 2) {
      Node state = todo.poll();
      allowed(state);
      for (Node next : algebra.successors(state)) {
        if (seen.add(next)) {
          todo.add(next);
        }
      }
    }
  }

  private static final class Exits {
    private int[] nodes = new int[256];
    private int count;

    void add(int node) {
      if (count == nodes.length) {
        nodes = Arrays.copyOf(nodes, count * 2);
      }
      nodes[count++] = node;
    }

    int[] toArray() {
      return Arrays.copyOf(nodes, count);
    }
  }
}
