package dev.hadal.backend.simd;

import dev.hadal.backend.Batch;
import dev.hadal.backend.KvCache;
import dev.hadal.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Latent attention. Spans of many rows go to {@link DecompressedTask}; the others are computed
 * here, absorbed: K_h joins the query and V_h the result, so that all heads attend to the latents
 * themselves, read once for a group of heads.
 *
 * <p>Source: DeepSeek-V2, arXiv:2405.04434. Shapes: T rows, H heads, C latent rank, r rotated part,
 * n unrotated part, q = n + r, v value size.
 */
final class LatentAttentionTask {
  /** Query rows times heads of a unit. */
  private static final int UNIT_ROWS = 48;

  /** Heads that share a pass over the latents: enough to pay for it, few enough to share out. */
  private static final int MOST_GROUP_HEADS = 12;

  /** Absorbed queries held at once (16 MB); more rows are done in several goes. */
  private static final int MOST_FLOATS = 4 << 20;

  private static final int[] AS_THEY_COME = new int[0];

  private final WorkerPool pool;
  private final DecompressedTask decompressed;
  private final AttentionPlan plan = new AttentionPlan();
  private final PartialResults partial = new PartialResults();
  private final WorkerPool.Task remember = this::remember;
  private final WorkerPool.Task absorb = this::absorb;
  private final WorkerPool.Task attend = this::attend;
  private final WorkerPool.Task merge = this::merge;
  private final WorkerPool.Task project = this::project;

  private @Nullable Batch batch;
  private @Nullable KvCache cache;
  private @Nullable Tensor keyMatrix;
  private @Nullable Tensor valueMatrix;
  private boolean kTransposed;
  private long out;
  private long q;
  private long c;
  private long rope;
  private int H;
  private int C;
  private int r;
  private int n;
  private int v;
  private int groupHeads;
  private int layer;
  private float scale;
  private int firstRow;
  private int rowCount;

  private float[] absorbed = new float[0]; // (rows, H, C + r), scaled

  private float[] mixed = new float[0]; // (H, rows, C)

  LatentAttentionTask(WorkerPool pool) {
    this.pool = pool;
    decompressed = new DecompressedTask(pool);
  }

  void run(
      Tensor out_THv,
      Tensor q_THq,
      Tensor c_TC,
      Tensor rope_Tr,
      Tensor k_HnC,
      boolean kTransposed,
      Tensor v_HvC,
      int layer,
      Batch batch,
      float scale) {
    this.batch = batch;
    this.cache = batch.cache().isPresent() ? batch.cache().get() : null;
    this.keyMatrix = k_HnC;
    this.valueMatrix = v_HvC;
    this.kTransposed = kTransposed;
    this.layer = layer;
    this.scale = scale;
    out = out_THv.address();
    q = q_THq.address();
    c = c_TC.address();
    rope = rope_Tr.address();
    H = q_THq.dim(1);
    C = c_TC.dim(1);
    r = rope_Tr.dim(1);
    n = q_THq.dim(2) - r;
    v = v_HvC.dim(1);
    groupHeads = Math.min(H, MOST_GROUP_HEADS);
    while (H % groupHeads != 0) {
      groupHeads--;
    }
    if (cache != null) {
      pool.run(remember, batch.spans().size());
    }
    int from = 0; // rows from here on wait for the absorbed form
    for (int s = 0; s < batch.spans().size(); s++) {
      Batch.Span span = batch.spans().get(s);
      if (DecompressedTask.pays(span.length(), span.past(), C, n, v)) {
        absorbed(batch, from, span.start());
        from = span.start() + span.length();
        decompressed.run(
            out_THv, q_THq, c_TC, rope_Tr, k_HnC, kTransposed, v_HvC, layer, batch, span, scale);
      }
    }
    absorbed(batch, from, q_THq.dim(0));
    this.batch = null;
    this.cache = null;
  }

  private void absorbed(Batch batch, int from, int to) {
    int most = Math.max(1, MOST_FLOATS / (H * (C + r)));
    for (int row = from; row < to; row += most) {
      attendRows(batch, row, Math.min(most, to - row));
    }
  }

  private void attendRows(Batch batch, int from, int count) {
    firstRow = from;
    rowCount = count;
    if (absorbed.length < count * H * (C + r)) {
      absorbed = new float[count * H * (C + r)];
      mixed = new float[count * H * C];
    }
    pool.run(absorb, H);
    int rowsPerUnit = Math.max(1, UNIT_ROWS / groupHeads);
    plan.make(batch, H / groupHeads, rowsPerUnit, 0, pool.width(), from, from + count);
    if (plan.split) {
      int padded = (C + Activations.TILE - 1) / Activations.TILE * Activations.TILE;
      partial.size(plan.units, rowsPerUnit * groupHeads, padded);
    }
    pool.run(attend, plan.units);
    if (plan.split) {
      pool.run(merge, plan.groups);
    }
    pool.run(project, H);
  }

  private Batch.Span span(int s) {
    Batch current = batch;
    if (current == null) {
      throw new IllegalStateException("no batch outside a call");
    }
    return current.spans().get(s);
  }

  private void remember(int s, Worker worker) {
    KvCache into = cache;
    if (into == null) {
      return;
    }
    Batch.Span span = span(s);
    float[] row = worker.floats(Worker.FIRST_OWN, C + r);
    for (int i = 0; i < span.length(); i++) {
      int p = span.past() + i;
      long block = into.address(span.blockTable()[p / KvCache.BLOCK_TOKENS], layer);
      long token = (long) span.start() + i;
      Memory.read(c + 4L * C * token, row, 0, C);
      Memory.read(rope + 4L * r * token, row, C, r);
      Halves.write(row, 0, block + 2L * (C + r) * (p % KvCache.BLOCK_TOKENS), C + r);
    }
  }

  /** One head's queries, times K_h and the scale. */
  private void absorb(int h, Worker worker) {
    Tensor matrix = keyMatrix;
    if (matrix == null) {
      return;
    }
    Weight w = worker.weight.set(matrix, h);
    int stride = H * (C + r);
    long query = q + 4L * (n + r) * ((long) firstRow * H + h);
    float[] a = worker.floats(Worker.FIRST_OWN, n + r);
    if (kTransposed) {
      Activations x = worker.activations;
      x.shape(rowCount, n);
      x.loadAll(query, 4L * (n + r) * H, AS_THEY_COME, 0);
      x.prepare(w.type);
      float[] products = worker.floats(Worker.OUTPUTS, Gemm.outputSize(C, x));
      Gemm.multiply(w, 0, C, x, products, worker);
      for (int t = 0; t < rowCount; t++) {
        int at = t * stride + h * (C + r);
        for (int i = 0; i < C; i++) {
          absorbed[at + i] = scale * products[i * Gemm.outputStride(x) + t];
        }
      }
    } else {
      float[] queries = worker.floats(Worker.FIRST_OWN + 1, rowCount * n);
      for (int t = 0; t < rowCount; t++) {
        Memory.read(query + 4L * (n + r) * H * t, queries, t * n, n);
        Arrays.fill(absorbed, t * stride + h * (C + r), t * stride + h * (C + r) + C, 0);
      }
      for (int i = 0; i < rowCount * n; i++) {
        queries[i] *= scale;
      }
      float[] four = worker.floats(Worker.PANEL, 4 * C);
      int j = 0;
      for (; j + 4 <= n; j += 4) {
        for (int i = 0; i < 4; i++) {
          w.unpack(j + i, 0, C, four, i * C);
        }
        for (int t = 0; t < rowCount; t++) {
          FloatRows.addScaled4(absorbed, t * stride + h * (C + r), four, 0, queries, t * n + j, C);
        }
      }
      for (; j < n; j++) {
        w.unpack(j, 0, C, four, 0);
        for (int t = 0; t < rowCount; t++) {
          FloatRows.addScaled(absorbed, t * stride + h * (C + r), four, 0, queries[t * n + j], C);
        }
      }
    }
    for (int t = 0; t < rowCount; t++) {
      Memory.read(query + 4L * ((long) (n + r) * H * t + n), a, 0, r);
      for (int i = 0; i < r; i++) {
        absorbed[t * stride + h * (C + r) + C + i] = scale * a[i];
      }
    }
  }

  private void attend(int unit, Worker worker) {
    Batch.Span span = span(plan.span[unit]);
    int tokens = plan.rowCount[unit];
    int rows = tokens * groupHeads;
    OnlineSoftmax softmax = worker.softmax;
    softmax.begin(rows, C + r, C);
    for (int t = 0; t < tokens; t++) {
      int row = plan.firstRow[unit] + t;
      int local = span.start() + row - firstRow;
      System.arraycopy(
          absorbed,
          (local * H + plan.head[unit] * groupHeads) * (C + r),
          softmax.queries,
          t * groupHeads * (C + r),
          groupHeads * (C + r));
      Arrays.fill(softmax.positions, t * groupHeads, (t + 1) * groupHeads, span.past() + row);
    }
    for (int p = plan.fromPosition[unit]; p < plan.toPosition[unit]; p += OnlineSoftmax.TILE) {
      int count = Math.min(OnlineSoftmax.TILE, plan.toPosition[unit] - p);
      load(softmax, span, p, count);
      softmax.see(p, count, 0);
    }
    if (plan.split) {
      partial.put(unit, softmax, rows);
    } else {
      for (int m = 0; m < rows; m++) {
        softmax.finish(m);
        System.arraycopy(softmax.mixed, m * softmax.valueStride, mixed, mixedAt(unit, span, m), C);
      }
    }
  }

  private int mixedAt(int unit, Batch.Span span, int m) {
    int local = span.start() + plan.firstRow[unit] + m / groupHeads - firstRow;
    int h = plan.head[unit] * groupHeads + m % groupHeads;
    return (h * rowCount + local) * C;
  }

  private void load(OnlineSoftmax softmax, Batch.Span span, int from, int count) {
    KvCache source = cache;
    long block =
        source == null ? 0 : source.address(span.blockTable()[from / KvCache.BLOCK_TOKENS], layer);
    for (int p = 0; p < count; p++) {
      if (source == null) {
        long token = (long) span.start() + from + p;
        Memory.read(c + 4L * C * token, softmax.keys, p * (C + r), C);
        Memory.read(rope + 4L * r * token, softmax.keys, p * (C + r) + C, r);
      } else {
        Panels.f16(block + 2L * (C + r) * p, softmax.keys, p * (C + r), C + r);
      }
      System.arraycopy(softmax.keys, p * (C + r), softmax.values, p * softmax.valueStride, C);
    }
  }

  private void merge(int group, Worker worker) {
    int from = plan.firstUnit[group];
    Batch.Span span = span(plan.span[from]);
    for (int m = 0; m < plan.rowCount[from] * groupHeads; m++) {
      partial.merge(from, plan.firstUnit[group + 1], m, mixed, mixedAt(from, span, m), C);
    }
  }

  /** One head's weighed latents times V_h. */
  private void project(int h, Worker worker) {
    Tensor matrix = valueMatrix;
    if (matrix == null) {
      return;
    }
    Weight w = worker.weight.set(matrix, h);
    Activations x = worker.activations;
    x.shape(rowCount, C);
    x.loadArray(mixed, h * rowCount * C);
    x.prepare(w.type);
    float[] products = worker.floats(Worker.OUTPUTS, Gemm.outputSize(v, x));
    Gemm.multiply(w, 0, v, x, products, worker);
    LinearTask.store(
        products,
        Gemm.outputStride(x),
        v,
        rowCount,
        out + 4L * v * ((long) firstRow * H + h),
        4L * v * H);
  }
}
