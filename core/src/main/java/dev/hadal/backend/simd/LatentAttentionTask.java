package dev.hadal.backend.simd;

import dev.hadal.backend.Batch;
import dev.hadal.backend.KvCache;
import dev.hadal.tensor.DType;
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

  private final HeadProduct product;
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

  private float[] absorbed = new float[0]; // (rows, H, C + r)

  private float[] mixed = new float[0]; // (H, rows, C)

  LatentAttentionTask(WorkerPool pool, OnlineSoftmax.Source softmaxes, HeadProduct product) {
    super(pool, softmaxes);
    this.product = product;
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
      if (DecompressedTask.takes(span, C, n, v)) {
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
      long place = (long) (C + r) * (p % KvCache.BLOCK_TOKENS);
      CacheRows.write(into.type(), row, 0, block + into.type().bytes(place), C + r);
    }
  }

  /** One head's queries, times K_h. */
  private void absorb(int h, Worker worker) {
    Tensor matrix = keyMatrix;
    if (matrix == null) {
      return;
    }
    int stride = H * (C + r);
    int into = h * (C + r);
    long query = q + 4L * (n + r) * ((long) firstRow * H + h);
    float[] queries = worker.floats(Worker.FIRST_OWN, rowCount * n);
    for (int t = 0; t < rowCount; t++) {
      long row = query + 4L * (n + r) * H * t;
      Memory.read(row, queries, t * n, n);
      Memory.read(row + 4L * n, absorbed, t * stride + into + C, r);
    }
    if (kTransposed) {
      product.run(matrix, h, queries, 0, rowCount, absorbed, into, stride, worker);
    } else {
      absorbRows(worker.weight.set(matrix, h), queries, into, stride, worker);
    }
  }

  // K_h lies as (n, C): its rows are added up, each times a number of the query.
  private void absorbRows(Weight w, float[] queries, int into, int stride, Worker worker) {
    for (int t = 0; t < rowCount; t++) {
      Arrays.fill(absorbed, t * stride + into, t * stride + into + C, 0);
    }
    float[] four = worker.floats(Worker.PANEL, 4 * C);
    int j = 0;
    for (; j + 4 <= n; j += 4) {
      for (int i = 0; i < 4; i++) {
        w.unpack(j + i, 0, C, four, i * C);
      }
      for (int t = 0; t < rowCount; t++) {
        FloatRows.addScaled4(absorbed, t * stride + into, four, 0, queries, t * n + j, C);
      }
    }
    for (; j < n; j++) {
      w.unpack(j, 0, C, four, 0);
      for (int t = 0; t < rowCount; t++) {
        FloatRows.addScaled(absorbed, t * stride + into, four, 0, queries[t * n + j], C);
      }
    }
  }

  @Override
  void query(OnlineSoftmax softmax, int m, int row, int head, int g, int position) {
    int at = ((row - firstRow) * H + head * groupHeads + g) * (C + r);
    softmax.query(m, absorbed, at, position);
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
    if (source != null && source.type() != DType.F16) {
      float[] rows = worker.floats(Worker.FIRST_OWN, KvCache.BLOCK_TOKENS * (C + r));
      Panels.unpack(source.type(), latents(source, span, from), rows, 0, count * (C + r));
      for (int p = 0; p < count; p++) {
        softmax.key(p, 0, rows, p * (C + r), C + r);
        softmax.value(p, rows, p * (C + r));
      }
      softmax.see(from, count, 0);
      return;
    }
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
    float[] products = worker.floats(Worker.FIRST_OWN, rowCount * v);
    product.run(matrix, h, mixed, h * rowCount * C, rowCount, products, 0, v, worker);
    for (int t = 0; t < rowCount; t++) {
      Memory.write(products, t * v, out + 4L * v * ((long) (firstRow + t) * H + h), v);
    }
  }
}
