package dev.hadal.backend.reference;

import dev.hadal.backend.Batch;
import dev.hadal.backend.KvCache;
import dev.hadal.tensor.Tensor;
import dev.hadal.tensor.quant.Dequant;

/**
 * Latent attention both ways: decompressed (k_p = K_h c_p, v_p = V_h c_p, then plain attention) and
 * absorbed (a' = K_h^T a, attention over c itself, out = V_h of the result).
 *
 * <p>Source: DeepSeek-V2, arXiv:2405.04434, section 2.1 and appendix C. Shapes: T rows, H heads, C
 * latent rank, r rotated part, n unrotated part, q = n + r, v value size, P positions.
 */
final class ReferenceLatentAttention {
  private final Tensor out_THv;
  private final Tensor c_TC;
  private final Tensor rope_Tr;
  private final Tensor k_HnC;
  private final boolean kTransposed;
  private final Tensor v_HvC;
  private final int layer;
  private final Batch batch;
  private final float scale;
  private final float[] q_THq;
  private final int H;
  private final int C;
  private final int r;
  private final int n;
  private final int v;

  ReferenceLatentAttention(
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
    this.out_THv = out_THv;
    this.c_TC = c_TC;
    this.rope_Tr = rope_Tr;
    this.k_HnC = k_HnC;
    this.kTransposed = kTransposed;
    this.v_HvC = v_HvC;
    this.layer = layer;
    this.batch = batch;
    this.scale = scale;
    this.q_THq = q_THq.toFloats();
    this.H = q_THq.dim(1);
    this.C = c_TC.dim(1);
    this.r = rope_Tr.dim(1);
    this.n = q_THq.dim(2) - r;
    this.v = v_HvC.dim(1);
  }

  void run(boolean absorbed) {
    for (Batch.Span span : batch.spans()) {
      int P = span.past() + span.length();
      float[] latents_PC = new float[P * C];
      float[] ropes_Pr = new float[P * r];
      gather(latents_PC, ropes_Pr, span);
      for (int h = 0; h < H; h++) {
        float[] k_nC = keyMatrix(h);
        float[] v_vC = Dequant.toFloats(v_HvC.at(h));
        if (absorbed) {
          for (int i = 0; i < span.length(); i++) {
            absorbed(span, i, h, k_nC, v_vC, latents_PC, ropes_Pr);
          }
        } else {
          float[] keys_Pn = times(latents_PC, k_nC, P, n);
          float[] values_Pv = times(latents_PC, v_vC, P, v);
          for (int i = 0; i < span.length(); i++) {
            decompressed(span, i, h, keys_Pn, values_Pv, ropes_Pr);
          }
        }
      }
    }
  }

  private void decompressed(
      Batch.Span span, int i, int h, float[] keys_Pn, float[] values_Pv, float[] ropes_Pr) {
    int query = ((span.start() + i) * H + h) * (n + r);
    double[] weights = new double[span.past() + i + 1];
    for (int p = 0; p < weights.length; p++) {
      double score =
          ReferenceKernels.dot(q_THq, query, keys_Pn, p * n, n)
              + ReferenceKernels.dot(q_THq, query + n, ropes_Pr, p * r, r);
      weights[p] = scale * score;
    }
    ReferenceAttention.softmax(weights);
    for (int j = 0; j < v; j++) {
      double sum = 0;
      for (int p = 0; p < weights.length; p++) {
        sum += weights[p] * values_Pv[p * v + j];
      }
      out_THv.set(((long) (span.start() + i) * H + h) * v + j, (float) sum);
    }
  }

  private void absorbed(
      Batch.Span span,
      int i,
      int h,
      float[] k_nC,
      float[] v_vC,
      float[] latents_PC,
      float[] ropes_Pr) {
    int query = ((span.start() + i) * H + h) * (n + r);
    double[] absorbed_C = new double[C];
    for (int j = 0; j < n; j++) {
      for (int c = 0; c < C; c++) {
        absorbed_C[c] += (double) q_THq[query + j] * k_nC[j * C + c];
      }
    }
    double[] weights = new double[span.past() + i + 1];
    for (int p = 0; p < weights.length; p++) {
      double score = ReferenceKernels.dot(q_THq, query + n, ropes_Pr, p * r, r);
      for (int c = 0; c < C; c++) {
        score += absorbed_C[c] * latents_PC[p * C + c];
      }
      weights[p] = scale * score;
    }
    ReferenceAttention.softmax(weights);
    double[] mixed_C = new double[C];
    for (int p = 0; p < weights.length; p++) {
      for (int c = 0; c < C; c++) {
        mixed_C[c] += weights[p] * latents_PC[p * C + c];
      }
    }
    for (int j = 0; j < v; j++) {
      double sum = 0;
      for (int c = 0; c < C; c++) {
        sum += v_vC[j * C + c] * mixed_C[c];
      }
      out_THv.set(((long) (span.start() + i) * H + h) * v + j, (float) sum);
    }
  }

  /**
   * Latents and rotated keys of all positions; the span's own go through the cache if there is one.
   */
  private void gather(float[] latents_PC, float[] ropes_Pr, Batch.Span span) {
    CacheView view = batch.cache().map(cache -> new CacheView(cache, layer, span)).orElse(null);
    for (int p = 0; p < span.past() + span.length(); p++) {
      long row = (long) span.start() + p - span.past();
      if (view == null) {
        for (int i = 0; i < C; i++) {
          latents_PC[p * C + i] = c_TC.get(row * C + i);
        }
        for (int i = 0; i < r; i++) {
          ropes_Pr[p * r + i] = rope_Tr.get(row * r + i);
        }
      } else {
        long place = (long) (p % KvCache.BLOCK_TOKENS) * (C + r);
        if (p >= span.past()) {
          view.write(p, place, c_TC, row * C, C);
          view.write(p, place + C, rope_Tr, row * r, r);
        }
        view.read(p, place, latents_PC, p * C, C);
        view.read(p, place + C, ropes_Pr, p * r, r);
      }
    }
  }

  /** K_h as (n, C), whichever way it is stored. */
  private float[] keyMatrix(int h) {
    float[] stored = Dequant.toFloats(k_HnC.at(h));
    if (!kTransposed) {
      return stored;
    }
    float[] k_nC = new float[n * C];
    for (int c = 0; c < C; c++) {
      for (int j = 0; j < n; j++) {
        k_nC[j * C + c] = stored[c * n + j];
      }
    }
    return k_nC;
  }

  /** Every latent times a matrix: (P, O). */
  private float[] times(float[] latents_PC, float[] w_OC, int P, int O) {
    float[] out_PO = new float[P * O];
    for (int p = 0; p < P; p++) {
      for (int o = 0; o < O; o++) {
        out_PO[p * O + o] = (float) ReferenceKernels.dot(latents_PC, p * C, w_OC, o * C, C);
      }
    }
    return out_PO;
  }
}
