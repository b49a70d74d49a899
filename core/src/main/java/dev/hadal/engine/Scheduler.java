package dev.hadal.engine;

import dev.hadal.backend.Batch;
import dev.hadal.backend.KvCache;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Packs the next step: every running sequence catches up to its tokens, decoding ones first,
 * prompts in chunks with what is left of the token budget. A sequence is let in when the cache has
 * room for all it may become, so none is ever thrown out again.
 *
 * <p>Source of the idea: continuous batching, Orca (OSDI 2022), with the paged cache of vLLM
 * (arXiv:2309.06180). Owned by the engine's thread.
 */
final class Scheduler {
  private final KvCache cache;
  private final BlockManager blocks;
  private final int maxBatchTokens;
  private final int maxSequences;
  private final Deque<Sequence> waiting = new ArrayDeque<>();
  private final List<Sequence> running = new ArrayList<>();
  private final List<Sequence> scheduled = new ArrayList<>(); // one for each span of the last batch
  private final List<Sequence> producing = new ArrayList<>(); // one for each output row of it

  Scheduler(KvCache cache, int maxBatchTokens, int maxSequences) {
    this.cache = cache;
    this.blocks = new BlockManager(cache);
    this.maxBatchTokens = maxBatchTokens;
    this.maxSequences = maxSequences;
  }

  void add(Sequence sequence) {
    waiting.add(sequence);
  }

  /** The next step's batch; empty when there is nothing to do. */
  Optional<Batch> schedule() {
    dropClosed();
    admit();
    scheduled.clear();
    producing.clear();
    int total = 0;
    List<Integer> lengths = new ArrayList<>(running.size());
    for (boolean prompts : new boolean[] {false, true}) {
      for (Sequence sequence : running) {
        if (sequence.pendingTokens() > 1 == prompts && total < maxBatchTokens) {
          int length = Math.min(sequence.pendingTokens(), maxBatchTokens - total);
          scheduled.add(sequence);
          lengths.add(length);
          total += length;
        }
      }
    }
    return total == 0 ? Optional.empty() : Optional.of(pack(lengths, total));
  }

  private Batch pack(List<Integer> lengths, int total) {
    int[] tokens = new int[total];
    int[] positions = new int[total];
    List<Batch.Span> spans = new ArrayList<>(scheduled.size());
    int[] outputRows = new int[scheduled.size()];
    int outputs = 0;
    int row = 0;
    for (int s = 0; s < scheduled.size(); s++) {
      Sequence sequence = scheduled.get(s);
      int past = sequence.numComputedTokens();
      int length = lengths.get(s);
      for (int b = past / KvCache.BLOCK_TOKENS; b < KvCache.blocksFor(past + length); b++) {
        blocks.touch(sequence.blockTable()[b]);
      }
      spans.add(new Batch.Span(row, length, past, sequence.blockTable()));
      for (int i = 0; i < length; i++, row++) {
        tokens[row] = sequence.token(past + i);
        positions[row] = past + i;
      }
      if (past + length == sequence.length()) {
        outputRows[outputs++] = row - 1;
        producing.add(sequence);
      }
    }
    return new Batch(
        tokens,
        positions,
        spans,
        outputs == outputRows.length ? outputRows : Arrays.copyOf(outputRows, outputs),
        Optional.of(cache));
  }

  /** The sequences that the last batch's output rows belong to, in order. */
  List<Sequence> producing() {
    return producing;
  }

  /** Records that the last batch was computed. */
  void computed(Batch batch) {
    for (int i = 0; i < scheduled.size(); i++) {
      scheduled.get(i).computed(batch.spans().get(i).length());
    }
  }

  /** Takes a sequence out and frees its blocks. */
  void finish(Sequence sequence, FinishReason reason) {
    running.remove(sequence);
    blocks.release(sequence.blockTable());
    sequence.stream().finish(reason);
  }

  /** Every stream ends with this failure. */
  void failAll(Throwable cause) {
    running.forEach(sequence -> sequence.stream().fail(cause));
    waiting.forEach(sequence -> sequence.stream().fail(cause));
    running.clear();
    waiting.clear();
  }

  private void dropClosed() {
    for (Sequence sequence : List.copyOf(running)) {
      if (sequence.stream().isClosed()) {
        finish(sequence, FinishReason.CANCELLED);
      }
    }
    for (Iterator<Sequence> i = waiting.iterator(); i.hasNext(); ) {
      Sequence sequence = i.next();
      if (sequence.stream().isClosed()) {
        i.remove();
        sequence.stream().finish(FinishReason.CANCELLED);
      }
    }
  }

  private void admit() {
    while (!waiting.isEmpty() && running.size() < maxSequences) {
      int needed = KvCache.blocksFor(waiting.element().maxLength());
      if (!blocks.canAllocate(needed)) {
        return; // first come, first served: a small one behind must not starve a large one
      }
      Sequence sequence = waiting.remove();
      sequence.blockTable(blocks.allocate(needed));
      running.add(sequence);
    }
  }
}
