package dev.hadal.grammar;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An expression, which is also a state: what may still come. {@link Algebra} makes only one of a
 * shape, so that equal nodes are the same object, and each remembers what follows it.
 *
 * <p>Equality is identity. What is not final is written under the algebra's lock. It may be read
 * without: such a reader sees either what was written or that it must ask.
 */
final class Node {
  /** What an expression is made of. */
  sealed interface Shape {
    /** One byte of a set; of the empty set, nothing at all matches. */
    record Bytes(ByteSet set) implements Shape {}

    /** The empty text. */
    record Empty() implements Shape {}

    /** One after the other; {@code first} is never a sequence itself. */
    record Seq(Node first, Node rest) implements Shape {}

    /** Any of several, by ascending id. */
    record Alt(List<Node> of) implements Shape {}

    /** All of several at once, by ascending id. Regular expressions only. */
    record And(List<Node> of) implements Shape {}

    /** Every text that does not match. Regular expressions only, and only inside {@link And}. */
    record Not(Node of) implements Shape {}

    /**
     * @param max -1 for no end
     */
    record Repeat(Node of, int min, int max) implements Shape {}

    /** The same texts; a unit whose tokens are worth knowing wherever it stands. */
    record Group(Node of) implements Shape {}

    /** A named rule, which may speak of itself; its body is {@link Node#body}. */
    record Rule(String name) implements Shape {}
  }

  /**
   * What follows each byte, worked out when it is asked for.
   *
   * @param of the class of each byte; bytes of a class lead to the same node
   */
  record Steps(byte[] of, @Nullable Node[] next) {}

  final int id;
  final Shape shape;

  /** Whether no rule is in it. */
  final boolean regular;

  @Nullable Node body;

  /** What it is called in every grammar; null for most. */
  @Nullable String name;

  @Nullable Partition partition;
  @Nullable Steps steps;

  /** Whether the text may end here. */
  boolean nullable;

  /** Whether some text matches. */
  boolean live;

  Node(int id, Shape shape, boolean regular) {
    this.id = id;
    this.shape = shape;
    this.regular = regular;
  }

  @Override
  public String toString() {
    return "node " + id;
  }
}
