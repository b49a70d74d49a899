package dev.hadal.backend.reference;

import dev.hadal.backend.Batch;
import dev.hadal.backend.ExpertWeights;
import dev.hadal.backend.Kernels;
import dev.hadal.backend.Routing;
import dev.hadal.tensor.Tensor;
import dev.hadal.tensor.quant.Dequant;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * What each kernel computes, written as its formula: this class is the definition. Faster back ends
 * extend it and override what is hot, so a new kernel works everywhere at once.
 *
 * <p>Sums run in double and are rounded once. Needs nothing beyond plain Java.
 */
public class ReferenceKernels implements Kernels {
  private final boolean absorbed;
  private final ReferenceRouting router = new ReferenceRouting();

  public ReferenceKernels() {
    this(false);
  }

  /**
   * @param absorbed whether latent attention is computed absorbed instead of decompressed: the same
   *     numbers another way, for the test that says so
   */
  ReferenceKernels(boolean absorbed) {
    this.absorbed = absorbed;
  }

  @Override
  public void embed(Tensor out_TD, Tensor table_VD, int[] tokens) {
    float[] row_D = new float[table_VD.dim(1)];
    for (int t = 0; t < tokens.length; t++) {
      Dequant.decodeRow(table_VD, tokens[t], row_D);
      store(row_D, out_TD, (long) t * row_D.length);
    }
  }

  @Override
  public void rows(Tensor out_RD, Tensor x_TD, int[] rows) {
    long bytes = x_TD.rowBytes();
    for (int r = 0; r < rows.length; r++) {
      MemorySegment.copy(x_TD.data(), rows[r] * bytes, out_RD.data(), r * bytes, bytes);
    }
  }

  @Override
  public void columns(Tensor out_TO, Tensor x_TI, int from) {
    long skip = (long) from * Float.BYTES;
    for (int t = 0; t < x_TI.rowCount(); t++) {
      MemorySegment.copy(
          x_TI.data(),
          t * x_TI.rowBytes() + skip,
          out_TO.data(),
          t * out_TO.rowBytes(),
          out_TO.rowBytes());
    }
  }

  @Override
  public void add(Tensor out, Tensor a, Tensor b) {
    for (long i = 0; i < out.size(); i++) {
      out.set(i, a.get(i) + b.get(i));
    }
  }

  @Override
  public void addGated(Tensor out_TD, Tensor a_TD, Tensor b_TD, Tensor gate_T) {
    int D = out_TD.dim(-1);
    for (int t = 0; t < out_TD.rowCount(); t++) {
      double gate = sigmoid(gate_T.get(t));
      for (int i = 0; i < D; i++) {
        long at = (long) t * D + i;
        out_TD.set(at, (float) (a_TD.get(at) + gate * b_TD.get(at)));
      }
    }
  }

  @Override
  public void rmsNorm(Tensor out_TD, Tensor x_TD, Tensor w_D, float eps) {
    int D = x_TD.dim(-1);
    float[] w = vector(w_D);
    for (int t = 0; t < x_TD.rowCount(); t++) {
      long at = (long) t * D;
      double squares = 0;
      for (int i = 0; i < D; i++) {
        squares += (double) x_TD.get(at + i) * x_TD.get(at + i);
      }
      double r = 1 / Math.sqrt(squares / D + eps);
      for (int i = 0; i < D; i++) {
        out_TD.set(at + i, (float) (x_TD.get(at + i) * r * w[i]));
      }
    }
  }

  @Override
  public void linear(Tensor out_TO, Tensor x_TI, Tensor w_OI, @Nullable Tensor bias_O) {
    int T = x_TI.rowCount();
    int I = w_OI.dim(1);
    int O = w_OI.dim(0);
    float[] x = x_TI.toFloats();
    float[] bias = bias_O == null ? new float[O] : vector(bias_O);
    float[] w_I = new float[I];
    for (int o = 0; o < O; o++) {
      Dequant.decodeRow(w_OI, o, w_I);
      for (int t = 0; t < T; t++) {
        out_TO.set((long) t * O + o, (float) (dot(x, t * I, w_I, 0, I) + bias[o]));
      }
    }
  }

  @Override
  public void swiglu(Tensor out_TF, Tensor gate_TF, Tensor up_TF) {
    for (long i = 0; i < out_TF.size(); i++) {
      out_TF.set(i, (float) (silu(gate_TF.get(i)) * up_TF.get(i)));
    }
  }

  @Override
  public void rotations(Tensor out_Tr, int[] positions, Tensor frequency_r2, float scale) {
    float[] frequency = vector(frequency_r2);
    for (int t = 0; t < positions.length; t++) {
      for (int i = 0; i < frequency.length; i++) {
        double angle = (double) positions[t] * frequency[i];
        long at = 2L * ((long) t * frequency.length + i);
        out_Tr.set(at, (float) (scale * Math.cos(angle)));
        out_Tr.set(at + 1, (float) (scale * Math.sin(angle)));
      }
    }
  }

  @Override
  public void rope(
      Tensor out_THd, Tensor x_THd, Tensor rotations_Tr, int offset, boolean interleaved) {
    int T = x_THd.dim(0);
    int H = x_THd.dim(1);
    int d = x_THd.dim(2);
    int pairs = rotations_Tr.dim(1) / 2;
    for (int t = 0; t < T; t++) {
      for (int h = 0; h < H; h++) {
        long head = ((long) t * H + h) * d;
        for (int i = 0; i < d; i++) {
          out_THd.set(head + i, x_THd.get(head + i));
        }
        for (int i = 0; i < pairs; i++) {
          double cos = rotations_Tr.get(2L * ((long) t * pairs + i));
          double sin = rotations_Tr.get(2L * ((long) t * pairs + i) + 1);
          long first = head + offset + (interleaved ? 2 * i : i);
          long second = first + (interleaved ? 1 : pairs);
          double a = x_THd.get(first);
          double b = x_THd.get(second);
          out_THd.set(first, (float) (a * cos - b * sin));
          out_THd.set(second, (float) (a * sin + b * cos));
        }
      }
    }
  }

  @Override
  public void attention(
      Tensor out_THd,
      Tensor q_THd,
      Tensor k_TKd,
      Tensor v_TKd,
      int layer,
      Batch batch,
      float scale,
      int window) {
    ReferenceAttention.run(out_THd, q_THd, k_TKd, v_TKd, layer, batch, scale, window);
  }

  @Override
  public void latentAttention(
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
    new ReferenceLatentAttention(
            out_THv, q_THq, c_TC, rope_Tr, k_HnC, kTransposed, v_HvC, layer, batch, scale)
        .run(absorbed);
  }

  @Override
  public void route(
      Tensor expert_Tk,
      Tensor weight_Tk,
      Tensor logits_TE,
      @Nullable Tensor bias_E,
      Routing routing) {
    router.run(expert_Tk, weight_Tk, logits_TE, bias_E == null ? null : vector(bias_E), routing);
  }

  @Override
  public void experts(
      Tensor out_TD, Tensor x_TD, Tensor expert_Tk, Tensor weight_Tk, ExpertWeights weights) {
    int T = x_TD.rowCount();
    int D = x_TD.dim(-1);
    int k = expert_Tk.dim(1);
    float[] x = x_TD.toFloats();
    double[] out = new double[T * D];
    for (int t = 0; t < T; t++) {
      for (int j = 0; j < k; j++) {
        int e = expert_Tk.getInt((long) t * k + j);
        double weight = weight_Tk.get((long) t * k + j);
        float[] hidden_F = hidden(x, t * D, weights.gate_FD().get(e), weights.up_FD().get(e));
        float[] down_F = new float[hidden_F.length];
        for (int i = 0; i < D; i++) {
          Dequant.decodeRow(weights.down_DF().get(e), i, down_F);
          out[t * D + i] += weight * dot(hidden_F, 0, down_F, 0, down_F.length);
        }
      }
    }
    for (int i = 0; i < out.length; i++) {
      out_TD.set(i, (float) out[i]);
    }
  }

  /** silu(gate x) * (up x). */
  private static float[] hidden(float[] x, int at, Tensor gate_FD, Tensor up_FD) {
    int F = gate_FD.dim(0);
    int D = gate_FD.dim(1);
    float[] hidden_F = new float[F];
    float[] row_D = new float[D];
    for (int f = 0; f < F; f++) {
      Dequant.decodeRow(gate_FD, f, row_D);
      double gate = dot(x, at, row_D, 0, D);
      Dequant.decodeRow(up_FD, f, row_D);
      hidden_F[f] = (float) (silu(gate) * dot(x, at, row_D, 0, D));
    }
    return hidden_F;
  }

  static double dot(float[] a, int aAt, float[] b, int bAt, int length) {
    double sum = 0;
    for (int i = 0; i < length; i++) {
      sum += (double) a[aAt + i] * b[bAt + i];
    }
    return sum;
  }

  static double sigmoid(double z) {
    return 1 / (1 + Math.exp(-z));
  }

  static double silu(double z) {
    return z / (1 + Math.exp(-z));
  }

  /** A vector of any type as floats. */
  private static float[] vector(Tensor w_D) {
    float[] values = new float[w_D.dim(-1)];
    Dequant.decodeRow(w_D, 0, values);
    return values;
  }

  private static void store(float[] values, Tensor out, long index) {
    MemorySegment.copy(values, 0, out.data(), Tensor.FLOAT, index * Float.BYTES, values.length);
  }
}
