package dev.hadal.backend.reference;

import dev.hadal.backend.Batch;
import dev.hadal.backend.KvCache;
import dev.hadal.tensor.Tensor;

/**
 * Causal attention, softmax in full: out_th = sum_p softmax_p(scale q_th . k_p) v_p.
 *
 * <p>Shapes: T rows, H query heads, K key/value heads, d head size, P positions of one sequence.
 */
final class ReferenceAttention {
  private ReferenceAttention() {}

  static void run(
      Tensor out_THd,
      Tensor q_THd,
      Tensor k_TKd,
      Tensor v_TKd,
      int layer,
      Batch batch,
      float scale,
      int window) {
    int H = q_THd.dim(1);
    int K = k_TKd.dim(1);
    int d = q_THd.dim(2);
    float[] q = q_THd.toFloats();
    for (Batch.Span span : batch.spans()) {
      int P = span.past() + span.length();
      float[] keys_Pd = new float[P * d];
      float[] values_Pd = new float[P * d];
      for (int h = 0; h < H; h++) {
        int kvHead = h / (H / K);
        if (h % (H / K) == 0) {
          gather(keys_Pd, k_TKd, kvHead, 0, layer, batch, span);
          gather(values_Pd, v_TKd, kvHead, K, layer, batch, span);
        }
        for (int i = 0; i < span.length(); i++) {
          int last = span.past() + i;
          int first = window == 0 ? 0 : Math.max(0, last - window + 1);
          int at = ((span.start() + i) * H + h) * d;
          double[] weights = new double[last - first + 1];
          for (int p = first; p <= last; p++) {
            weights[p - first] = scale * ReferenceKernels.dot(q, at, keys_Pd, p * d, d);
          }
          softmax(weights);
          for (int j = 0; j < d; j++) {
            double sum = 0;
            for (int p = first; p <= last; p++) {
              sum += weights[p - first] * values_Pd[p * d + j];
            }
            out_THd.set(at + j, (float) sum);
          }
        }
      }
    }
  }

  /**
   * One head's keys (or values) of all positions of a sequence; with a cache, the span's own are
   * written there first and read back rounded.
   *
   * @param section 0 for the keys' part of a cache block, K for the values'
   */
  private static void gather(
      float[] out_Pd,
      Tensor x_TKd,
      int kvHead,
      int section,
      int layer,
      Batch batch,
      Batch.Span span) {
    int K = x_TKd.dim(1);
    int d = x_TKd.dim(2);
    int P = span.past() + span.length();
    CacheView view = batch.cache().map(cache -> new CacheView(cache, layer, span)).orElse(null);
    for (int p = 0; p < P; p++) {
      long source = ((long) (span.start() + p - span.past()) * K + kvHead) * d;
      if (view == null) {
        for (int i = 0; i < d; i++) {
          out_Pd[p * d + i] = x_TKd.get(source + i);
        }
      } else {
        long block = (long) (section + kvHead) * KvCache.BLOCK_TOKENS;
        long place = (block + p % KvCache.BLOCK_TOKENS) * d;
        if (p >= span.past()) {
          view.write(p, place, x_TKd, source, d);
        }
        view.read(p, place, out_Pd, p * d, d);
      }
    }
  }

  /** In place; all zeros when nothing may be seen. */
  static void softmax(double[] scores) {
    double max = Double.NEGATIVE_INFINITY;
    for (double score : scores) {
      max = Math.max(max, score);
    }
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      scores[i] = max == Double.NEGATIVE_INFINITY ? 0 : Math.exp(scores[i] - max);
      sum += scores[i];
    }
    for (int i = 0; i < scores.length; i++) {
      scores[i] = sum == 0 ? 0 : scores[i] / sum;
    }
  }
}
