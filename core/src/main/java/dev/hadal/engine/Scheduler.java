package dev.hadal.engine;

import dev.hadal.backend.Batch;
import dev.hadal.backend.KvCache;
import dev.hadal.backend.Rows;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Packs the next step: answers first, a token each (and the guesses behind it), then prompts in
 * chunks with what is left of the step's tokens. Sequences take blocks as they grow; when there are
 * no more, the youngest gives its own back and is computed anew later.
 *
 * <p>Source of the idea: continuous batching, Orca (OSDI 2022); the paged cache and preemption of
 * vLLM (arXiv:2309.06180); chunked prefill of Sarathi (arXiv:2308.16369). Owned by the engine's
 * thread.
 */
final class Scheduler {
  /** Of all answers together: with more rows than this, rows are no longer cheap. */
  static final int MOST_DRAFTS = 12;

  private final KvCache cache;
  private final BlockManager blocks;
  private final EngineOptions options;
  private final Pace pace;
  private final Order order;
  private final Consumer<Sequence> ended;
  private final Deque<Sequence> waiting = new ArrayDeque<>();
  private final List<Sequence> running = new ArrayList<>(); // the oldest first
  private final List<Step.Part> parts = new ArrayList<>();
  private Round round = new Round(0, 0);
  private long preemptions;
  private long prefixHitTokens;

  /** How far what is computed depends on what is computed beside it, and what is done about it. */
  enum Order {
    /** Not at all, or nobody minds: all rows at once, all blocks shared. */
    TOGETHER,
    /** By what the rows are: answers' blocks hold other numbers than a prompt's would. */
    KINDS,
    /** By the number of rows, too: prompts and answers are computed one after the other. */
    APART
  }

  /**
   * @param ended told of each sequence that has ended
   */
  Scheduler(KvCache cache, EngineOptions options, Order order, Consumer<Sequence> ended) {
    this.order = order;
    this.cache = cache;
    this.options = options;
    this.ended = ended;
    this.blocks = new BlockManager(cache);
    this.pace = new Pace(options.maxSequences() * (1 + options.maxDraft()));
  }

  /** Rows of what was scheduled last. */
  record Round(int answerRows, int promptRows) {}

  /** Learns how long the last round took. */
  void took(long nanos) {
    pace.measured(round.answerRows, round.promptRows, nanos);
  }

  void add(Sequence sequence) {
    waiting.add(sequence);
  }

  List<Sequence> running() {
    return running;
  }

  int waiting() {
    return waiting.size();
  }

  BlockManager blocks() {
    return blocks;
  }

  long preemptions() {
    return preemptions;
  }

  long prefixHitTokens() {
    return prefixHitTokens;
  }

  /** The next steps, of one round; none when there is nothing to do. */
  List<Step> schedule() {
    dropEnded();
    parts.clear();
    int decodeRows = decode();
    int budget = options.maxBatchTokens() - decodeRows;
    if (decodeRows > 0) {
      budget = Math.min(budget, pace.promptTokens(decodeRows));
    }
    int promptRows = prompts(budget);
    round = new Round(decodeRows, promptRows);
    if (order == Order.APART) {
      return Stream.of(Rows.ANSWER, Rows.PROMPT)
          .map(rows -> pack(rows, parts.stream().filter(part -> part.rows() == rows).toList()))
          .filter(step -> !step.parts().isEmpty())
          .toList();
    }
    return parts.isEmpty() ? List.of() : List.of(pack(Rows.ANY, parts));
  }

  /** Lets guesses be made for answers, few enough that a step is not much longer for them. */
  void draft(Drafter drafter) {
    List<Sequence> decoding = running.stream().filter(Sequence::isDecoding).toList();
    int most = decoding.isEmpty() ? 0 : Math.min(options.maxDraft(), MOST_DRAFTS / decoding.size());
    if (most > 0) {
      drafter.draft(decoding, most);
    }
  }

  private int decode() {
    int rows = 0;
    for (int i = 0; i < running.size(); i++) {
      Sequence sequence = running.get(i);
      int pending = Math.min(sequence.pendingTokens(), options.maxBatchTokens() - rows);
      if (sequence.isDecoding() && pending > 0 && makeRoom(sequence, pending)) {
        schedule(sequence, pending);
        rows += pending;
      }
    }
    return rows;
  }

  /** Prompts that run, then those that wait. */
  private int prompts(int budget) {
    int rows = 0;
    for (int i = 0; i < running.size() && rows < budget; i++) {
      if (!running.get(i).isDecoding()) {
        rows += chunk(running.get(i), budget - rows);
      }
    }
    while (rows < budget && running.size() < options.maxSequences() && admit()) {
      rows += chunk(running.getLast(), budget - rows);
    }
    return rows;
  }

  /**
   * Lets the first waiting one in, if there is room for its text and a block for each beside it.
   */
  private boolean admit() {
    Sequence first = waiting.peek();
    if (first == null) {
      return false;
    }
    int needed = KvCache.blocksFor(first.length() + 1) + running.size();
    if (!running.isEmpty() && blocks.available() < needed) {
      return false; // first come, first served: a small one behind must not starve a large one
    }
    waiting.remove();
    running.add(first);
    return true;
  }

  private int chunk(Sequence sequence, int budget) {
    catchUp(sequence);
    int past = sequence.numComputedTokens();
    // A text that is computed again keeps its parts apart: they are computed in other ways.
    int end = past < sequence.promptLength() ? sequence.promptLength() : sequence.length();
    int most = sequence.wantsAllRows() ? Math.min(budget, KvCache.BLOCK_TOKENS) : budget;
    int length = Math.min(end - past, most);
    if (past + length < end && length > KvCache.BLOCK_TOKENS) {
      length -= (past + length) % KvCache.BLOCK_TOKENS; // whole blocks can be shared at once
    }
    if (!makeRoom(sequence, length)) {
      return 0;
    }
    schedule(sequence, length);
    return length;
  }

  /** Takes over blocks that others have computed, up to the last token, whose row is needed. */
  private void catchUp(Sequence sequence) {
    if (!options.prefixCache() || sequence.wantsAllRows()) {
      return;
    }
    int whole = sequence.numComputedTokens() / KvCache.BLOCK_TOKENS;
    int most = Math.min(shareable(sequence), (sequence.length() - 1) / KvCache.BLOCK_TOKENS);
    while (whole == sequence.sharedBlocks() && whole < most) {
      int block =
          blocks.find(sequence.lastShared(), sequence.tokens(), whole * KvCache.BLOCK_TOKENS);
      if (block == BlockManager.NONE) {
        return;
      }
      int before = sequence.numComputedTokens();
      while (sequence.blocks() > whole) {
        sequence.dropLastBlock(blocks); // its own, begun but not whole
      }
      sequence.adopt(block, blocks.serial(block));
      prefixHitTokens += sequence.numComputedTokens() - before;
      whole++;
    }
  }

  /** Blocks for {@code count} more tokens, if need be from younger ones; false if it must wait. */
  private boolean makeRoom(Sequence sequence, int count) {
    int needed = KvCache.blocksFor(sequence.numComputedTokens() + count);
    while (sequence.blocks() < needed) {
      int block = blocks.allocate();
      if (block != BlockManager.NONE) {
        sequence.add(block);
        continue;
      }
      Sequence youngest = running.getLast();
      if (youngest == sequence && running.size() == 1) {
        fail(sequence, noMemory(sequence));
        return false;
      }
      preempt(youngest);
      if (youngest == sequence) {
        return false;
      }
    }
    return true;
  }

  private static CapacityException noMemory(Sequence sequence) {
    return new CapacityException(
        "the machine has no memory for the %d tokens of this request; close something or open the model with a shorter context"
            .formatted(sequence.length()));
  }

  private void preempt(Sequence sequence) {
    running.remove(sequence);
    parts.removeIf(part -> part.sequence() == sequence);
    sequence.giveBack(blocks);
    waiting.addFirst(sequence);
    preemptions++;
  }

  private void schedule(Sequence sequence, int length) {
    int end = sequence.numComputedTokens() + length;
    int outputs = 0;
    if (sequence.wantsAllRows() && end <= sequence.promptLength()) {
      outputs = length;
    } else if (end >= sequence.length()) {
      outputs = end - sequence.length() + 1;
    }
    Rows rows = end <= sequence.promptLength() ? Rows.PROMPT : Rows.ANSWER;
    parts.add(new Step.Part(sequence, rows, length, 0, outputs));
  }

  private Step pack(Rows kind, List<Step.Part> scheduled) {
    List<Step.Part> parts = new ArrayList<>(scheduled);
    int total = parts.stream().mapToInt(Step.Part::length).sum();
    int[] tokens = new int[total];
    int[] positions = new int[total];
    List<Batch.Span> spans = new ArrayList<>(parts.size());
    int[] outputRows = new int[parts.stream().mapToInt(Step.Part::outputs).sum()];
    int outputs = 0;
    int row = 0;
    for (int i = 0; i < parts.size(); i++) {
      Step.Part part = parts.get(i);
      Sequence sequence = part.sequence();
      int past = sequence.numComputedTokens();
      Rows rows = order == Order.TOGETHER ? Rows.ANY : part.rows();
      spans.add(new Batch.Span(row, part.length(), past, sequence.blockTable(), rows));
      for (int t = 0; t < part.length(); t++) {
        tokens[row + t] = sequence.token(past + t);
        positions[row + t] = past + t;
      }
      row += part.length();
      parts.set(i, new Step.Part(sequence, part.rows(), part.length(), outputs, part.outputs()));
      for (int o = part.outputs(); o > 0; o--) {
        outputRows[outputs++] = row - o;
      }
    }
    return new Step(
        kind, new Batch(tokens, positions, spans, outputRows, Optional.of(cache)), parts);
  }

  /** How many blocks of a sequence hold what they would hold for any other with its tokens. */
  private int shareable(Sequence sequence) {
    int tokens = order == Order.TOGETHER ? sequence.length() : sequence.promptLength();
    return tokens / KvCache.BLOCK_TOKENS;
  }

  /** Lets others find the blocks of a sequence that are whole now. */
  void share(Sequence sequence) {
    if (!options.prefixCache()) {
      return;
    }
    int computed = sequence.numComputedTokens() / KvCache.BLOCK_TOKENS;
    int whole = Math.min(shareable(sequence), computed);
    for (int b = sequence.sharedBlocks(); b < whole; b++) {
      sequence.share(
          blocks.remember(
              sequence.blockTable()[b],
              sequence.lastShared(),
              sequence.tokens(),
              b * KvCache.BLOCK_TOKENS));
    }
  }

  /** Takes a sequence out and frees its blocks. */
  void finish(Sequence sequence, FinishReason reason) {
    remove(sequence);
    sequence.stream().finish(reason);
  }

  /** Takes a sequence out that failed by itself. */
  void fail(Sequence sequence, Throwable cause) {
    remove(sequence);
    sequence.stream().fail(cause);
  }

  private void remove(Sequence sequence) {
    running.remove(sequence);
    sequence.giveBack(blocks);
    ended.accept(sequence);
  }

  /** Every stream ends with this failure. */
  void failAll(Throwable cause) {
    List.copyOf(running).forEach(sequence -> fail(sequence, cause));
    waiting.forEach(sequence -> fail(sequence, cause));
    waiting.clear();
  }

  private void dropEnded() {
    long now = System.nanoTime();
    for (int i = running.size() - 1; i >= 0; i--) {
      Sequence sequence = running.get(i);
      if (sequence.stream().isClosed()) {
        finish(sequence, FinishReason.CANCELLED);
      } else if (sequence.isLate(now)) {
        finish(sequence, FinishReason.TIMEOUT);
      }
    }
    for (Iterator<Sequence> i = waiting.iterator(); i.hasNext(); ) {
      Sequence sequence = i.next();
      boolean closed = sequence.stream().isClosed();
      if (closed || sequence.isLate(now)) {
        i.remove();
        finish(sequence, closed ? FinishReason.CANCELLED : FinishReason.TIMEOUT);
      }
    }
  }
}
