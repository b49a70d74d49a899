package dev.hadal.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * T packed tokens of one or more sequences: no padding, no phases. Each sequence just catches up to
 * its tokens, so the same batch serves prefill, decode, both mixed, and (without a cache) training.
 *
 * @param tokens ids, T of them
 * @param positions each token's place in its own sequence
 * @param spans which rows belong to which sequence, in order and without gaps
 * @param outputRows the rows whose logits are wanted, R of them
 * @param cache where keys and values of earlier tokens lie; without one every span starts at
 *     position 0 and attends to itself
 */
public record Batch(
    int[] tokens, int[] positions, List<Span> spans, int[] outputRows, Optional<KvCache> cache) {

  /**
   * Consecutive rows of one sequence.
   *
   * @param start the first row
   * @param length rows
   * @param past tokens of the sequence that lie in the cache already
   * @param blockTable the sequence's cache blocks, at least enough for past + length tokens; empty
   *     without a cache
   * @param rows what the rows are
   */
  public record Span(int start, int length, int past, int[] blockTable, Rows rows) {
    /** Rows of any kind. */
    public Span(int start, int length, int past, int[] blockTable) {
      this(start, length, past, blockTable, Rows.ANY);
    }
  }

  /** The same, with the logits of other rows wanted. */
  public Batch withOutputRows(int... rows) {
    return new Batch(tokens, positions, spans, rows, cache);
  }

  /** Rows T. */
  public int size() {
    return tokens.length;
  }

  /** One sequence from its beginning, without a cache; logits of every row. */
  public static Batch of(int... tokens) {
    return packed(List.of(tokens));
  }

  /** Several sequences from their beginnings, without a cache; logits of every row. */
  public static Batch packed(List<int[]> sequences) {
    int size = sequences.stream().mapToInt(s -> s.length).sum();
    int[] tokens = new int[size];
    int[] positions = new int[size];
    int[] rows = new int[size];
    List<Span> spans = new ArrayList<>();
    int row = 0;
    for (int[] sequence : sequences) {
      spans.add(new Span(row, sequence.length, 0, new int[0]));
      for (int i = 0; i < sequence.length; i++, row++) {
        tokens[row] = sequence[i];
        positions[row] = i;
        rows[row] = row;
      }
    }
    return new Batch(tokens, positions, spans, rows, Optional.empty());
  }
}
