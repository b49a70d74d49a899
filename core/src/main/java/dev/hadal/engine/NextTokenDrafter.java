package dev.hadal.engine;

import dev.hadal.backend.Batch;
import dev.hadal.backend.KvCache;
import dev.hadal.model.Model;
import dev.hadal.model.NextToken;
import dev.hadal.ops.Ops;
import dev.hadal.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Guesses by a checkpoint's own layer for it, which sees every row that the model has computed, and
 * then its own guesses. What the layer remembers lies in the sequences' blocks behind the model's
 * layers. Owned by the engine's thread.
 */
final class NextTokenDrafter {
  private final Model model;
  private final NextToken layer;
  private final int most;
  private final Logits logits = new Logits();

  /** A sequence that is guessed at. */
  private static final class Guess {
    final Sequence sequence;
    final Batch.Span span; // of its last row
    final int[] tokens;
    int count;

    Guess(Sequence sequence, Batch.Span span, int wanted) {
      this.sequence = sequence;
      this.span = span;
      this.tokens = new int[wanted];
    }

    /** Where the next row of the layer stands. */
    int position() {
      return span.past() + span.length() - 1 + count;
    }

    /** Whether one more is wanted, and its row has a place. */
    boolean goesOn() {
      return count < tokens.length && KvCache.blocksFor(position() + 1) <= sequence.blocks();
    }
  }

  /**
   * @param most guesses of all sequences together
   */
  NextTokenDrafter(Model model, NextToken layer, int most) {
    this.model = model;
    this.layer = layer;
    this.most = most;
  }

  /** Shows the layer what a step has computed, and guesses for those that decode now. */
  void follow(Step step, int mostEach, Tensor hidden_TD, Ops ops) {
    List<Batch.Span> spans = new ArrayList<>();
    List<Integer> tokens = new ArrayList<>();
    List<Integer> rows = new ArrayList<>();
    List<Guess> guesses = new ArrayList<>();
    List<Integer> lastRows = new ArrayList<>();
    long decoding = step.parts().stream().filter(p -> p.sequence().isDecoding()).count();
    int each = (int) Math.min(mostEach, most / Math.max(1, decoding));
    for (int i = 0; i < step.parts().size(); i++) {
      Sequence sequence = step.parts().get(i).sequence();
      Batch.Span from = step.batch().spans().get(i);
      int count = sequence.numComputedTokens() - from.past(); // wrong guesses are gone
      if (sequence.blocks() == 0 || count <= 0) {
        continue; // it has ended
      }
      Batch.Span span =
          new Batch.Span(rows.size(), count, from.past(), sequence.blockTable(), from.rows());
      for (int t = 0; t < count; t++) {
        rows.add(from.start() + t);
        tokens.add(sequence.token(from.past() + t + 1));
      }
      spans.add(span);
      int wanted = sequence.isDecoding() ? sequence.mostDrafts(each) : 0;
      if (wanted > 0) {
        guesses.add(new Guess(sequence, span, wanted));
        lastRows.add(rows.size() - 1);
      }
    }
    if (!spans.isEmpty()) {
      Tensor seen_TD = ops.rows(hidden_TD, ints(rows));
      guess(guesses, lastRows, batch(step, spans, ints(tokens)), seen_TD, ops);
    }
  }

  private void guess(
      List<Guess> guesses, List<Integer> lastRows, Batch first, Tensor hidden_TD, Ops ops) {
    Batch batch = first;
    Tensor own_TD = layer.forward(ops, batch, hidden_TD);
    List<Guess> going = guesses;
    int[] rows = ints(lastRows);
    while (!going.isEmpty()) {
      Tensor last_RD = ops.rows(own_TD, rows);
      choose(going, model.logits(ops, last_RD));
      List<Guess> before = going;
      going = before.stream().filter(Guess::goesOn).toList();
      if (!going.isEmpty()) {
        Tensor kept_RD = ops.rows(last_RD, going.stream().mapToInt(before::indexOf).toArray());
        batch = further(batch, going);
        own_TD = layer.forward(ops, batch, kept_RD);
        rows = IntStream.range(0, going.size()).toArray();
      }
    }
    for (Guess guess : guesses) {
      guess.sequence.draft(guess.tokens, guess.count);
    }
  }

  private void choose(List<Guess> guesses, Tensor logits_RV) {
    for (int i = 0; i < guesses.size(); i++) {
      Guess guess = guesses.get(i);
      logits.load(logits_RV, i);
      guess.tokens[guess.count++] = logits.argmax();
    }
  }

  /** The rows of the guesses made last. */
  private static Batch further(Batch before, List<Guess> guesses) {
    List<Batch.Span> spans = new ArrayList<>();
    int[] tokens = new int[guesses.size()];
    for (int i = 0; i < tokens.length; i++) {
      Guess guess = guesses.get(i);
      tokens[i] = guess.tokens[guess.count - 1];
      spans.add(
          new Batch.Span(i, 1, guess.position(), guess.sequence.blockTable(), guess.span.rows()));
    }
    return batch(before.cache(), spans, tokens);
  }

  private static Batch batch(Step step, List<Batch.Span> spans, int[] tokens) {
    return batch(step.batch().cache(), spans, tokens);
  }

  private static Batch batch(Optional<KvCache> cache, List<Batch.Span> spans, int[] tokens) {
    int[] positions = new int[tokens.length];
    for (Batch.Span span : spans) {
      for (int t = 0; t < span.length(); t++) {
        positions[span.start() + t] = span.past() + t;
      }
    }
    return new Batch(tokens, positions, spans, new int[0], cache);
  }

  private static int[] ints(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
  }
}
