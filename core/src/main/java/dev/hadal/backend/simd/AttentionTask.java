package dev.hadal.backend.simd;

import dev.hadal.backend.Batch;
import dev.hadal.backend.KvCache;
import dev.hadal.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Causal grouped-query attention: keys and values are read (and turned from F16 into floats) once
 * for all query heads and rows of a unit.
 *
 * <p>Shapes: T rows, H query heads, K key/value heads, d head size, G = H / K.
 */
final class AttentionTask {
  /** Query rows times heads of a unit: their sums and a tile of keys stay in the second cache. */
  private static final int UNIT_ROWS = 48;

  private final WorkerPool pool;
  private final AttentionPlan plan = new AttentionPlan();
  private final PartialResults partial = new PartialResults();
  private final WorkerPool.Task remember = this::remember;
  private final WorkerPool.Task attend = this::attend;
  private final WorkerPool.Task merge = this::merge;

  private @Nullable Batch batch;
  private @Nullable KvCache cache;
  private long out;
  private long q;
  private long k;
  private long v;
  private int H;
  private int K;
  private int G;
  private int d;
  private int layer;
  private float scale;
  private int window;

  AttentionTask(WorkerPool pool) {
    this.pool = pool;
  }

  void run(
      Tensor out_THd,
      Tensor q_THd,
      Tensor k_TKd,
      Tensor v_TKd,
      int layer,
      Batch batch,
      float scale,
      int window) {
    this.batch = batch;
    this.cache = batch.cache().isPresent() ? batch.cache().get() : null;
    this.layer = layer;
    this.scale = scale;
    this.window = window;
    out = out_THd.address();
    q = q_THd.address();
    k = k_TKd.address();
    v = v_TKd.address();
    H = q_THd.dim(1);
    d = q_THd.dim(2);
    K = k_TKd.dim(1);
    G = H / K;
    if (cache != null) {
      pool.run(remember, batch.spans().size());
    }
    int rowsPerUnit = Math.max(1, UNIT_ROWS / G);
    plan.make(batch, K, rowsPerUnit, window, pool.width(), 0, q_THd.dim(0));
    if (plan.split) {
      int padded = (d + Activations.TILE - 1) / Activations.TILE * Activations.TILE;
      partial.size(plan.units, rowsPerUnit * G, padded);
    }
    pool.run(attend, plan.units);
    if (plan.split) {
      pool.run(merge, plan.groups);
    }
    this.batch = null;
    this.cache = null;
  }

  private Batch.Span span(int s) {
    Batch current = batch;
    if (current == null) {
      throw new IllegalStateException("no batch outside a call");
    }
    return current.spans().get(s);
  }

  /** Writes a span's new keys and values into the cache. */
  private void remember(int s, Worker worker) {
    KvCache into = cache;
    if (into == null) {
      return;
    }
    Batch.Span span = span(s);
    float[] row = worker.floats(Worker.FIRST_OWN, K * d);
    for (int i = 0; i < span.length(); i++) {
      int p = span.past() + i;
      long block = into.address(span.blockTable()[p / KvCache.BLOCK_TOKENS], layer);
      long rowOffset = 4L * (span.start() + i) * K * d;
      for (int both = 0; both < 2; both++) {
        Memory.read((both == 0 ? k : v) + rowOffset, row, 0, K * d);
        for (int h = 0; h < K; h++) {
          long place = (long) (both * K + h) * KvCache.BLOCK_TOKENS + p % KvCache.BLOCK_TOKENS;
          Halves.write(row, h * d, block + 2L * place * d, d);
        }
      }
    }
  }

  private void attend(int unit, Worker worker) {
    Batch.Span span = span(plan.span[unit]);
    int head = plan.head[unit];
    int tokens = plan.rowCount[unit];
    int rows = tokens * G;
    OnlineSoftmax softmax = worker.softmax;
    softmax.begin(rows, d, d);
    for (int t = 0; t < tokens; t++) {
      int row = plan.firstRow[unit] + t;
      Memory.read(
          q + 4L * d * ((long) (span.start() + row) * H + (long) head * G),
          softmax.queries,
          t * G * d,
          G * d);
      for (int g = 0; g < G; g++) {
        softmax.positions[t * G + g] = span.past() + row;
      }
    }
    for (int i = 0; i < rows * d; i++) {
      softmax.queries[i] *= scale;
    }
    for (int p = plan.fromPosition[unit]; p < plan.toPosition[unit]; p += OnlineSoftmax.TILE) {
      int count = Math.min(OnlineSoftmax.TILE, plan.toPosition[unit] - p);
      load(softmax, span, head, p, count);
      softmax.see(p, count, window);
    }
    if (plan.split) {
      partial.put(unit, softmax, rows);
    } else {
      for (int r = 0; r < rows; r++) {
        softmax.finish(r);
        Memory.write(softmax.mixed, r * softmax.valueStride, outAt(unit, span, r), d);
      }
    }
  }

  private long outAt(int unit, Batch.Span span, int r) {
    int row = span.start() + plan.firstRow[unit] + r / G;
    return out + 4L * d * ((long) row * H + (long) plan.head[unit] * G + r % G);
  }

  private void load(OnlineSoftmax softmax, Batch.Span span, int head, int from, int count) {
    KvCache source = cache;
    if (source == null) {
      for (int p = 0; p < count; p++) {
        long offset = 4L * d * ((long) (span.start() + from + p) * K + head);
        Memory.read(k + offset, softmax.keys, p * d, d);
        Memory.read(v + offset, softmax.values, p * softmax.valueStride, d);
      }
      return;
    }
    long block = source.address(span.blockTable()[from / KvCache.BLOCK_TOKENS], layer);
    long keys = block + 2L * head * KvCache.BLOCK_TOKENS * d;
    long values = block + 2L * (K + head) * KvCache.BLOCK_TOKENS * d;
    Panels.f16(keys, softmax.keys, 0, count * d);
    if (d == softmax.valueStride) {
      Panels.f16(values, softmax.values, 0, count * d);
      return;
    }
    for (int p = 0; p < count; p++) {
      Panels.f16(values + 2L * p * d, softmax.values, p * softmax.valueStride, d);
    }
  }

  private void merge(int group, Worker worker) {
    int from = plan.firstUnit[group];
    Batch.Span span = span(plan.span[from]);
    float[] row = worker.floats(Worker.FIRST_OWN, d);
    for (int r = 0; r < plan.rowCount[from] * G; r++) {
      partial.merge(from, plan.firstUnit[group + 1], r, row, 0, d);
      Memory.write(row, 0, outAt(from, span, r), d);
    }
  }
}
