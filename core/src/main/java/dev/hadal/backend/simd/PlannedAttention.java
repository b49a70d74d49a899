package dev.hadal.backend.simd;

import dev.hadal.backend.Batch;
import dev.hadal.backend.KvCache;
import org.jspecify.annotations.Nullable;

/**
 * What kinds of attention share: rows of queries, the units of an {@link AttentionPlan}, and the
 * parts of the keys put together. Kept and set anew for each call; one thread calls at a time.
 */
abstract class PlannedAttention {
  final WorkerPool pool;
  private final OnlineSoftmax.Source softmaxes;
  private final AttentionPlan plan = new AttentionPlan();
  private final PartialResults partial = new PartialResults();
  private final WorkerPool.Task remember = (s, worker) -> remember(span(s), worker);
  private final WorkerPool.Task attend = this::attend;
  private final WorkerPool.Task merge = this::merge;

  private @Nullable Batch batch;
  @Nullable KvCache cache;
  int layer;
  float scale;
  int window;
  private int group;
  private int keyDim;
  private int valueDim;

  PlannedAttention(WorkerPool pool, OnlineSoftmax.Source softmaxes) {
    this.pool = pool;
    this.softmaxes = softmaxes;
  }

  /** Writes a span's new keys and values into the cache. */
  abstract void remember(Batch.Span span, Worker worker);

  /** Gives query r, which is that of a row of the batch and of number {@code g} of a group. */
  abstract void query(OnlineSoftmax softmax, int r, int row, int head, int g, int position);

  /** Lets the queries see a tile; positions from {@code next} on are seen after it. */
  abstract void see(
      OnlineSoftmax softmax,
      Batch.Span span,
      int head,
      int from,
      int count,
      int next,
      Worker worker);

  /** Writes row r of a slot as the result of a row of the batch and number {@code g}. */
  abstract void store(
      PartialResults seen, int slot, int r, int row, int head, int g, Worker worker);

  /** Begins a call: what is new goes into the cache, if there is one. */
  final void begin(Batch batch, int layer, float scale, int window) {
    this.batch = batch;
    this.cache = batch.cache().isPresent() ? batch.cache().get() : null;
    this.layer = layer;
    this.scale = scale;
    this.window = window;
    if (cache != null) {
      pool.run(remember, batch.spans().size());
    }
  }

  /**
   * Attends with rows {@code from} to {@code to} of the batch.
   *
   * @param heads key/value heads, or what stands for them
   * @param group queries that share one
   * @param rowsPerUnit rows of queries of a unit, about
   */
  final void attend(
      int heads, int group, int keyDim, int valueDim, int rowsPerUnit, int from, int to) {
    Batch current = batch;
    if (current == null) {
      throw outside();
    }
    this.group = group;
    this.keyDim = keyDim;
    this.valueDim = valueDim;
    int tokens = Math.max(1, rowsPerUnit / group);
    plan.make(current, heads, tokens, window, pool.width(), from, to);
    if (plan.split) {
      partial.size(plan.units, tokens * group, valueDim);
    }
    pool.run(attend, plan.units);
    if (plan.split) {
      pool.run(merge, plan.groups);
    }
  }

  final void end() {
    batch = null;
    cache = null;
  }

  private Batch.Span span(int s) {
    Batch current = batch;
    if (current == null) {
      throw outside();
    }
    return current.spans().get(s);
  }

  private static IllegalStateException outside() {
    return new IllegalStateException("no batch outside a call");
  }

  private void attend(int unit, Worker worker) {
    Batch.Span span = span(plan.span[unit]);
    int head = plan.head[unit];
    int rows = plan.rowCount[unit] * group;
    OnlineSoftmax softmax = softmaxes.of(worker, keyDim, valueDim);
    softmax.begin(rows, keyDim, valueDim, scale);
    for (int r = 0; r < rows; r++) {
      int row = plan.firstRow[unit] + r / group;
      query(softmax, r, span.start() + row, head, r % group, span.past() + row);
    }
    if (plan.split) {
      see(softmax, span, head, plan.fromPosition[unit], plan.toPosition[unit], worker);
      partial.put(unit, softmax, rows);
      return;
    }
    PartialResults seen = worker.partial;
    seen.size(2, rows, valueDim);
    int from = plan.fromPosition[unit];
    int end = plan.toPosition[unit];
    for (int p = from; p < end; p = AttentionPlan.endOfPart(p)) {
      if (p > from) {
        softmax.again();
      }
      see(softmax, span, head, p, Math.min(end, AttentionPlan.endOfPart(p)), worker);
      seen.put(p == from ? 0 : 1, softmax, rows);
      if (p > from) {
        seen.add(0, 1, rows);
      }
    }
    store(seen, 0, unit, worker);
  }

  private void see(
      OnlineSoftmax softmax, Batch.Span span, int head, int from, int to, Worker worker) {
    for (int p = from; p < to; p += OnlineSoftmax.TILE) {
      int count = Math.min(OnlineSoftmax.TILE, to - p);
      see(softmax, span, head, p, count, p + count < to ? p + count : p, worker);
    }
  }

  private void merge(int group, Worker worker) {
    int first = plan.firstUnit[group];
    for (int unit = first + 1; unit < plan.firstUnit[group + 1]; unit++) {
      partial.add(first, unit, plan.rowCount[first] * this.group);
    }
    store(partial, first, first, worker);
  }

  private void store(PartialResults seen, int slot, int unit, Worker worker) {
    Batch.Span span = span(plan.span[unit]);
    for (int r = 0; r < plan.rowCount[unit] * group; r++) {
      int row = span.start() + plan.firstRow[unit] + r / group;
      store(seen, slot, r, row, plan.head[unit], r % group, worker);
    }
  }
}
