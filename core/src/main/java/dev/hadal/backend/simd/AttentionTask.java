package dev.hadal.backend.simd;

import dev.hadal.backend.Batch;
import dev.hadal.backend.KvCache;
import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;

/**
 * Causal grouped-query attention: keys and values are read (and turned from F16 into floats) once
 * for all query heads and rows of a unit.
 *
 * <p>Shapes: T rows, H query heads, K key/value heads, d head size, G = H / K.
 */
final class AttentionTask extends PlannedAttention {
  /** Query rows times heads of a unit: their sums and a tile of keys stay in the second cache. */
  private static final int UNIT_ROWS = 48;

  private long out;
  private long q;
  private long k;
  private long v;
  private int H;
  private int K;
  private int G;
  private int d;

  AttentionTask(WorkerPool pool, OnlineSoftmax.Source softmaxes) {
    super(pool, softmaxes);
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
    out = out_THd.address();
    q = q_THd.address();
    k = k_TKd.address();
    v = v_TKd.address();
    H = q_THd.dim(1);
    d = q_THd.dim(2);
    K = k_TKd.dim(1);
    G = H / K;
    begin(batch, layer, scale, window);
    attend(K, G, d, d, UNIT_ROWS, 0, q_THd.dim(0));
    end();
  }

  @Override
  void remember(Batch.Span span, Worker worker) {
    KvCache into = cache;
    if (into == null) {
      return;
    }
    DType type = into.type();
    float[] row = worker.floats(Worker.FIRST_OWN, K * d);
    for (int i = 0; i < span.length(); i++) {
      int p = span.past() + i;
      long block = into.address(span.blockTable()[p / KvCache.BLOCK_TOKENS], layer);
      long rowOffset = 4L * (span.start() + i) * K * d;
      for (int both = 0; both < 2; both++) {
        Memory.read((both == 0 ? k : v) + rowOffset, row, 0, K * d);
        for (int h = 0; h < K; h++) {
          long place = (long) (both * K + h) * KvCache.BLOCK_TOKENS + p % KvCache.BLOCK_TOKENS;
          CacheRows.write(type, row, h * d, block + type.bytes(place * d), d);
        }
      }
    }
  }

  @Override
  void query(OnlineSoftmax softmax, int r, int row, int head, int g, int position) {
    softmax.query(r, q + place(row, head, g), position);
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
      unpack(source, softmax, span, head, from, count, worker);
      softmax.see(from, count, window);
      return;
    }
    if (source != null) {
      long keys = keys(source, span, head, from);
      long values = keys + 2L * K * KvCache.BLOCK_TOKENS * d;
      softmax.see(keys, values, 2L * d, keys(source, span, head, next), from, count, window);
      return;
    }
    float[] row = worker.floats(Worker.FIRST_OWN, d);
    for (int p = 0; p < count; p++) {
      long offset = 4L * d * ((long) (span.start() + from + p) * K + head);
      Memory.read(k + offset, row, 0, d);
      softmax.key(p, 0, row, 0, d);
      Memory.read(v + offset, row, 0, d);
      softmax.value(p, row, 0);
    }
    softmax.see(from, count, window);
  }

  /** A tile in another type than F16: by way of floats, which takes longer. */
  private void unpack(
      KvCache source,
      OnlineSoftmax softmax,
      Batch.Span span,
      int head,
      int from,
      int count,
      Worker worker) {
    DType type = source.type();
    long block = source.address(span.blockTable()[from / KvCache.BLOCK_TOKENS], layer);
    float[] rows = worker.floats(Worker.FIRST_OWN, KvCache.BLOCK_TOKENS * d);
    for (int both = 0; both < 2; both++) {
      long place = (long) (both * K + head) * KvCache.BLOCK_TOKENS * d;
      Panels.unpack(type, block + type.bytes(place), rows, 0, count * d);
      for (int p = 0; p < count; p++) {
        if (both == 0) {
          softmax.key(p, 0, rows, p * d, d);
        } else {
          softmax.value(p, rows, p * d);
        }
      }
    }
  }

  private long keys(KvCache source, Batch.Span span, int head, int from) {
    long block = source.address(span.blockTable()[from / KvCache.BLOCK_TOKENS], layer);
    return block + 2L * head * KvCache.BLOCK_TOKENS * d;
  }

  @Override
  void store(PartialResults seen, int slot, int r, int row, int head, int g, Worker worker) {
    float[] result = worker.floats(Worker.FIRST_OWN, d);
    seen.result(slot, r, result, 0);
    Memory.write(result, 0, out + place(row, head, g), d);
  }

  /** Where a query or a result is, in bytes from the first. */
  private long place(int row, int head, int g) {
    return 4L * d * ((long) row * H + (long) head * G + g);
  }
}
