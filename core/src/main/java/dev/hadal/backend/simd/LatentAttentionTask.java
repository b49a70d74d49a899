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
final class LatentAttentionTask extends PlannedAttention {
  /** Query rows times heads of a unit. */
  private static final int UNIT_ROWS = 48;

  /** Heads that share a pass over the latents: enough to pay for it, few enough to share out. */
  private static final int MOST_GROUP_HEADS = 12;

  /** Absorbed queries held at once (16 MB); more rows are done in several goes. */
  private static final int MOST_FLOATS = 4 << 20;

  private static final int[] AS_THEY_COME = new int[0];

  private final DecompressedTask decompressed;
  private final WorkerPool.Task absorb = this::absorb;
  private final WorkerPool.Task project = this::project;

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
  private int firstRow;
  private int rowCount;

  private float[] absorbed = new float[0]; // (rows, H, C + r), scaled

  private float[] mixed = new float[0]; // (H, rows, C)

  LatentAttentionTask(WorkerPool pool, OnlineSoftmax.Source softmaxes) {
    super(pool, softmaxes);
    decompressed = new DecompressedTask(pool, softmaxes);
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
    this.keyMatrix = k_HnC;
    this.valueMatrix = v_HvC;
    this.kTransposed = kTransposed;
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
    begin(batch, layer, scale, 0);
    int from = 0; // rows from here on wait for the absorbed form
    for (int s = 0; s < batch.spans().size(); s++) {
      Batch.Span span = batch.spans().get(s);
      if (DecompressedTask.pays(span.length(), span.past(), C, n, v)) {
        absorbed(from, span.start());
        from = span.start() + span.length();
        decompressed.run(
            out_THv, q_THq, c_TC, rope_Tr, k_HnC, kTransposed, v_HvC, layer, batch, span, scale);
      }
    }
    absorbed(from, q_THq.dim(0));
    end();
  }

  private void absorbed(int from, int to) {
    int most = Math.max(1, MOST_FLOATS / (H * (C + r)));
    for (int row = from; row < to; row += most) {
      attendRows(row, Math.min(most, to - row));
    }
  }

  private void attendRows(int from, int count) {
    firstRow = from;
    rowCount = count;
    if (absorbed.length < count * H * (C + r)) {
      absorbed = new float[count * H * (C + r)];
      mixed = new float[count * H * C];
    }
    pool.run(absorb, H);
    attend(H / groupHeads, groupHeads, C + r, C, UNIT_ROWS, from, from + count);
    pool.run(project, H);
  }

  @Override
  void remember(Batch.Span span, Worker worker) {
    KvCache into = cache;
    if (into == null) {
      return;
    }
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

  @Override
  void query(OnlineSoftmax softmax, int m, int row, int head, int g, int position) {
    int at = ((row - firstRow) * H + head * groupHeads + g) * (C + r);
    softmax.query(m, absorbed, at, 1, position);
  }

  @Override
  void see(
      OnlineSoftmax softmax,
      Batch.Span span,
      int head,
      int from,
      int count,
      int next,
      Worker worker) {
    KvCache source = cache;
    if (source != null) {
      long latents = latents(source, span, from);
      long later = latents(source, span, next);
      softmax.see(latents, latents, 2L * (C + r), later, from, count, 0);
      return;
    }
    float[] key = worker.floats(Worker.FIRST_OWN, C + r);
    for (int p = 0; p < count; p++) {
      long token = (long) span.start() + from + p;
      Memory.read(c + 4L * C * token, key, 0, C);
      Memory.read(rope + 4L * r * token, key, C, r);
      softmax.key(p, 0, key, 0, C + r);
      softmax.value(p, key, 0);
    }
    softmax.see(from, count, 0);
  }

  private long latents(KvCache source, Batch.Span span, int from) {
    return source.address(span.blockTable()[from / KvCache.BLOCK_TOKENS], layer);
  }

  @Override
  void store(PartialResults seen, int slot, int m, int row, int head, int g, Worker worker) {
    int h = head * groupHeads + g;
    seen.result(slot, m, mixed, (h * rowCount + row - firstRow) * C);
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
