package dev.hadal.backend.simd;

import dev.hadal.backend.Batch;
import dev.hadal.backend.KvCache;
import dev.hadal.backend.Rows;
import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Latent attention of one span, decompressed: keys K_h c_p and values V_h c_p are made for a tile
 * of positions, seen by all query rows of a unit, and forgotten, so that memory does not grow with
 * the past.
 *
 * <p>Latents take the part of the weights in that product, in F16 as the cache holds them, and the
 * rows of K_h and V_h that of the inputs, laid out once for a unit. Source and letters: {@link
 * LatentAttentionTask}.
 */
final class DecompressedTask {
  /** Query rows of a unit: keys and values are made anew for the next one. */
  private static final int MOST_ROWS = 512;

  /** Below this, making keys and values outweighs what another core gains. */
  private static final int FEWEST_ROWS = 64;

  private final WorkerPool pool;
  private final OnlineSoftmax.Source softmaxes;
  private final WorkerPool.Task attend = this::attend;

  private @Nullable KvCache cache;
  private @Nullable Tensor keyMatrix;
  private @Nullable Tensor valueMatrix;
  private boolean kTransposed;
  private int[] blockTable = new int[0];
  private int past;
  private int rows;
  private int rowsPerUnit;
  private int groups;
  private int layer;
  private float scale;
  private long out;
  private long q;
  private long c;
  private long rope;
  private int H;
  private int C;
  private int r;
  private int n;
  private int v;

  DecompressedTask(WorkerPool pool, OnlineSoftmax.Source softmaxes) {
    this.pool = pool;
    this.softmaxes = softmaxes;
  }

  /**
   * Whether a span is computed in this form: a prompt's is, an answer's is not, any other where it
   * is the cheaper one. A row and head cost C (n + v) multiply-adds and 2 C + r for every key
   * absorbed, n + r + v for every key decompressed, where every position costs C (n + v) once.
   */
  static boolean takes(Batch.Span span, int rank, int nope, int value) {
    int length = span.length();
    if (span.rows() != Rows.ANY || length < FEWEST_PAYING_ROWS) {
      return span.rows() == Rows.PROMPT;
    }
    int past = span.past();
    double seen = past + length / 2.0;
    double spared = length * seen * (2.0 * rank - nope - value);
    return FASTER * rank * (nope + value) * past < spared;
  }

  // What a multiply-add costs here, as a part of what it costs absorbed (measured, V2's shape):
  // with
  // 1000 keys behind it a span of 70 rows gains, with 4000 one of 130.
  private static final double FASTER = 0.65;

  // From here on; decoding with a few guesses at once stays absorbed.
  private static final int FEWEST_PAYING_ROWS = 16;

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
      Batch.Span span,
      float scale) {
    cache = batch.cache().isPresent() ? batch.cache().get() : null;
    keyMatrix = k_HnC;
    valueMatrix = v_HvC;
    this.kTransposed = kTransposed;
    this.layer = layer;
    this.scale = scale;
    blockTable = span.blockTable();
    past = span.past();
    rows = span.length();
    H = q_THq.dim(1);
    C = c_TC.dim(1);
    r = rope_Tr.dim(1);
    n = q_THq.dim(2) - r;
    v = v_HvC.dim(1);
    out = out_THv.address() + 4L * H * v * span.start();
    q = q_THq.address() + 4L * H * (n + r) * span.start();
    c = c_TC.address() + 4L * C * span.start();
    rope = rope_Tr.address() + 4L * r * span.start();
    int wanted = Math.ceilDiv(2 * pool.width(), H);
    groups = Math.clamp(wanted, Math.ceilDiv(rows, MOST_ROWS), Math.ceilDiv(rows, FEWEST_ROWS));
    rowsPerUnit = Math.ceilDiv(rows, groups);
    groups = Math.ceilDiv(rows, rowsPerUnit);
    pool.run(attend, H * groups);
    cache = null;
  }

  private void attend(int unit, Worker worker) {
    int h = unit % H;
    int first = (groups - 1 - unit / H) * rowsPerUnit; // the longest first
    int count = Math.min(rowsPerUnit, rows - first);
    Activations matrices = matrices(h, worker);
    OnlineSoftmax softmax = softmaxes.of(worker, n + r, v);
    softmax.begin(count, n + r, v, scale);
    for (int t = 0; t < count; t++) {
      long query = q + 4L * (n + r) * ((long) (first + t) * H + h);
      softmax.query(t, query, past + first + t);
    }
    int end = past + first + count;
    for (int p = 0; p < end; p += OnlineSoftmax.TILE) {
      int tile = Math.min(OnlineSoftmax.TILE, end - p);
      load(softmax, matrices, p, tile, worker);
      softmax.see(p, tile, 0);
    }
    PartialResults seen = worker.partial;
    seen.size(1, count, v);
    seen.put(0, softmax, count);
    float[] result = worker.floats(Worker.OUTPUTS, v);
    for (int t = 0; t < count; t++) {
      seen.result(0, t, result, 0);
      Memory.write(result, 0, out + 4L * v * ((long) (first + t) * H + h), v);
    }
  }

  /** The rows of K_h and then of V_h as the inputs of a product with latents. */
  private Activations matrices(int h, Worker worker) {
    Tensor keys = keyMatrix;
    Tensor values = valueMatrix;
    if (keys == null || values == null) {
      throw new IllegalStateException("no matrices outside a call");
    }
    float[] rows = worker.floats(Worker.FIRST_OWN, (n + v) * C);
    Weight w = worker.weight.set(keys, h);
    if (kTransposed) {
      float[] row = worker.floats(Worker.PANEL, n);
      for (int i = 0; i < C; i++) {
        w.unpack(i, 0, n, row, 0);
        for (int j = 0; j < n; j++) {
          rows[j * C + i] = row[j];
        }
      }
    } else {
      for (int j = 0; j < n; j++) {
        w.unpack(j, 0, C, rows, j * C);
      }
    }
    w.set(values, h);
    for (int j = 0; j < v; j++) {
      w.unpack(j, 0, C, rows, (n + j) * C);
    }
    Activations x = worker.activations.of(Rows.PROMPT);
    x.shape(n + v, C);
    x.loadArray(rows, 0);
    return x;
  }

  /** Makes keys and values of a tile of positions. */
  private void load(
      OnlineSoftmax softmax, Activations matrices, int from, int count, Worker worker) {
    KvCache source = cache;
    Weight latents = worker.weight;
    long ropes;
    if (source == null) {
      latents.set(DType.F32, c + 4L * C * from, 4L * C, count, C);
      ropes = rope + 4L * r * from;
    } else {
      long block = source.address(blockTable[from / KvCache.BLOCK_TOKENS], layer);
      latents.set(source.type(), block, source.type().bytes(C + r), count, C);
      ropes = block + source.type().bytes(C);
    }
    float[] made = worker.floats(Worker.OUTPUTS, Gemm.outputSize(count, matrices));
    Gemm.multiply(latents, 0, count, matrices, made, worker);
    int stride = Gemm.outputStride(matrices);
    float[] rotated = worker.floats(Worker.MORE_OUTPUTS, r);
    for (int p = 0; p < count; p++) {
      softmax.key(p, 0, made, p * stride, n);
      softmax.value(p, made, p * stride + n);
      if (source == null) {
        Memory.read(ropes + 4L * r * p, rotated, 0, r);
      } else {
        DType type = source.type();
        Panels.unpack(type, ropes + type.bytes(C + r) * p, rotated, 0, r);
      }
      softmax.key(p, n, rotated, 0, r);
    }
  }
}
