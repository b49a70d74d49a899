package dev.hadal.engine;

import dev.hadal.backend.Batch;
import dev.hadal.backend.Kernels;
import dev.hadal.backend.KvCache;
import dev.hadal.model.Model;
import dev.hadal.ops.Ops;
import dev.hadal.tensor.Scratch;
import dev.hadal.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;

/**
 * Lets a smaller model of the same vocabulary guess, always its likeliest token. It has a cache of
 * its own; a text that it has no room for is not guessed at.
 */
final class ModelDrafter implements Drafter {
  /** Tokens of prompts that it takes up at a time; a longer prompt is guessed at later. */
  private static final int CHUNK = 256;

  private final Model model;
  private final Scratch scratch = new Scratch();
  private final Ops ops;
  private final KvCache cache;
  private final BlockManager blocks;
  private final Logits logits = new Logits();
  private final IdentityHashMap<Sequence, Progress> known = new IdentityHashMap<>();

  /** What the cache holds of a sequence. */
  private static final class Progress {
    private int[] blockTable = new int[0];
    private int computed;
    private int[] guesses = new int[0];
    private int count;
    private int wanted;
  }

  ModelDrafter(Model model, Kernels kernels, int blockCount) {
    this.model = model;
    this.ops = new Ops(kernels, scratch);
    this.cache = new KvCache(model.cacheSpec(), blockCount);
    this.blocks = new BlockManager(cache);
  }

  @Override
  public void draft(List<Sequence> sequences, int most) {
    List<Sequence> ready = new ArrayList<>();
    for (Sequence sequence : sequences) {
      int wanted = sequence.mostDrafts(most);
      if (wanted > 0 && begin(sequence, wanted)) {
        ready.add(sequence);
      }
    }
    List<Sequence> guessing = catchUp(ready);
    while (!guessing.isEmpty()) {
      guessing = guess(guessing);
    }
    for (Sequence sequence : ready) {
      Progress progress = progress(sequence);
      sequence.draft(progress.guesses, progress.count);
    }
  }

  private Progress progress(Sequence sequence) {
    return known.computeIfAbsent(sequence, s -> new Progress());
  }

  /** Whether there is room for a sequence and its guesses. */
  private boolean begin(Sequence sequence, int wanted) {
    Progress progress = progress(sequence);
    progress.computed = Math.min(progress.computed, sequence.length() - 1); // wrong guesses go
    progress.wanted = wanted;
    progress.count = 0;
    if (progress.guesses.length < wanted) {
      progress.guesses = new int[wanted];
    }
    int had = progress.blockTable.length;
    int needed = KvCache.blocksFor(sequence.length() + wanted);
    if (needed <= had) {
      return true;
    }
    if (needed - had > blocks.available()) {
      return false;
    }
    int[] table = Arrays.copyOf(progress.blockTable, needed);
    for (int i = had; i < needed; i++) {
      table[i] = blocks.allocate();
      if (table[i] == BlockManager.NONE) {
        blocks.release(Arrays.copyOfRange(table, had, i), i - had);
        return false;
      }
    }
    progress.blockTable = table;
    return true;
  }

  /** Computes what it has not seen yet of some texts; those that it has seen whole then. */
  private List<Sequence> catchUp(List<Sequence> sequences) {
    List<Sequence> whole = new ArrayList<>();
    List<Batch.Span> spans = new ArrayList<>();
    int rows = 0;
    int room = CHUNK + sequences.size();
    List<Sequence> part = new ArrayList<>();
    for (Sequence sequence : sequences) {
      Progress progress = progress(sequence);
      int length = Math.min(sequence.length() - progress.computed, room - rows);
      if (length > 0) {
        spans.add(new Batch.Span(rows, length, progress.computed, progress.blockTable));
        part.add(sequence);
        rows += length;
      }
    }
    if (rows == 0) {
      return whole;
    }
    int[] tokens = new int[rows];
    int[] positions = new int[rows];
    int[] outputs = new int[part.size()];
    for (int i = 0; i < part.size(); i++) {
      Batch.Span span = spans.get(i);
      for (int t = 0; t < span.length(); t++) {
        tokens[span.start() + t] = part.get(i).token(span.past() + t);
        positions[span.start() + t] = span.past() + t;
      }
      outputs[i] = span.start() + span.length() - 1;
    }
    Tensor logits_RV = forward(new Batch(tokens, positions, spans, outputs, Optional.of(cache)));
    for (int i = 0; i < part.size(); i++) {
      Progress progress = progress(part.get(i));
      progress.computed += spans.get(i).length();
      if (progress.computed == part.get(i).length() && add(progress, logits_RV, i)) {
        whole.add(part.get(i));
      }
    }
    return whole;
  }

  /** One more guess for each, by the one before it; those that want another. */
  private List<Sequence> guess(List<Sequence> sequences) {
    int[] tokens = new int[sequences.size()];
    int[] positions = new int[sequences.size()];
    int[] outputs = new int[sequences.size()];
    List<Batch.Span> spans = new ArrayList<>();
    for (int i = 0; i < tokens.length; i++) {
      Progress progress = progress(sequences.get(i));
      tokens[i] = progress.guesses[progress.count - 1];
      positions[i] = progress.computed;
      outputs[i] = i;
      spans.add(new Batch.Span(i, 1, progress.computed, progress.blockTable));
    }
    Tensor logits_RV = forward(new Batch(tokens, positions, spans, outputs, Optional.of(cache)));
    List<Sequence> more = new ArrayList<>();
    for (int i = 0; i < tokens.length; i++) {
      Progress progress = progress(sequences.get(i));
      progress.computed++;
      if (add(progress, logits_RV, i)) {
        more.add(sequences.get(i));
      }
    }
    return more;
  }

  private boolean add(Progress progress, Tensor logits_RV, int row) {
    logits.load(logits_RV, row);
    progress.guesses[progress.count++] = logits.argmax();
    return progress.count < progress.wanted;
  }

  private Tensor forward(Batch batch) {
    scratch.reset();
    return model.forward(ops, batch);
  }

  @Override
  public void forget(Sequence sequence) {
    Progress progress = known.remove(sequence);
    if (progress != null) {
      blocks.release(progress.blockTable, progress.blockTable.length);
    }
  }

  @Override
  public long totalBytes() {
    return cache.totalBytes() + scratch.totalBytes();
  }

  @Override
  public void close() {
    cache.close();
    scratch.close();
  }
}
