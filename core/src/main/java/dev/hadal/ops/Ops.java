package dev.hadal.ops;

import dev.hadal.backend.Batch;
import dev.hadal.backend.ExpertWeights;
import dev.hadal.backend.Kernels;
import dev.hadal.backend.Routing;
import dev.hadal.tensor.DType;
import dev.hadal.tensor.Scratch;
import dev.hadal.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a model file speaks: every op checks its shapes, takes memory for its result and runs one
 * kernel. What each computes stands in {@link Kernels}; shape letters too.
 *
 * <p>Results live in a {@link Scratch} until the enclosing {@link #block} or the step ends. Owned
 * by one thread.
 */
public final class Ops {
  private final Kernels kernels;
  private final Scratch scratch;

  public Ops(Kernels kernels, Scratch scratch) {
    this.kernels = kernels;
    this.scratch = scratch;
  }

  /** A part of a model whose temporaries die with it. */
  public interface Block {
    /**
     * @param x_TD the residual stream
     * @param rotations_Tr this batch's rotary rotations
     * @return the residual stream after this block
     */
    Tensor forward(Ops ops, Batch batch, Tensor rotations_Tr, Tensor x_TD);
  }

  /**
   * Runs a block and frees what it took, so that a model needs the memory of one block and not of
   * all. The result replaces {@code x_TD}, which must not be read as its old self afterwards.
   */
  public Tensor block(Block block, Batch batch, Tensor rotations_Tr, Tensor x_TD) {
    int mark = scratch.mark();
    Tensor y_TD = block.forward(this, batch, rotations_Tr, x_TD);
    if (y_TD != x_TD) {
      kernels.columns(x_TD, y_TD, 0);
    }
    scratch.release(mark);
    return x_TD;
  }

  /** Rows of {@code table_VD} for each token: (T, D). */
  public Tensor embed(Tensor table_VD, int[] tokens) {
    if (table_VD.rank() != 2) {
      throw mismatch("embed", "a table (V, D)", table_VD);
    }
    int vocabulary = table_VD.dim(0);
    for (int token : tokens) {
      if (token < 0 || token >= vocabulary) {
        throw new IllegalArgumentException(
            "embed: token "
                + token
                + " is outside the vocabulary of "
                + vocabulary
                + "; was the text encoded with this model's tokenizer?");
      }
    }
    Tensor out_TD = scratch.take(DType.F32, tokens.length, table_VD.dim(1));
    kernels.embed(out_TD, alive(table_VD), tokens);
    return out_TD;
  }

  /** The chosen rows: (R, D). */
  public Tensor rows(Tensor x_TD, int[] rows) {
    Tensor out_RD = scratch.take(DType.F32, rows.length, x_TD.dim(1));
    kernels.rows(out_RD, x_TD, rows);
    return out_RD;
  }

  /** Columns {@code from} to {@code to}, copied: (T, to - from). */
  public Tensor columns(Tensor x_TI, int from, int to) {
    if (from < 0 || from >= to || to > x_TI.dim(1)) {
      throw mismatch("columns", from + " to " + to, x_TI);
    }
    Tensor out_TO = scratch.take(DType.F32, x_TI.dim(0), to - from);
    kernels.columns(out_TO, x_TI, from);
    return out_TO;
  }

  /** Rows of both, one behind the other: (T, A + B). */
  public Tensor concat(Tensor a_TA, Tensor b_TB) {
    if (a_TA.dim(0) != b_TB.dim(0)) {
      throw mismatch("concat", "as many rows", a_TA, b_TB);
    }
    Tensor out_TO = scratch.take(DType.F32, a_TA.dim(0), a_TA.dim(1) + b_TB.dim(1));
    kernels.concat(out_TO, a_TA, b_TB);
    return out_TO;
  }

  /** a + b. */
  public Tensor add(Tensor a_TD, Tensor b_TD) {
    if (!a_TD.hasShape(b_TD.dim(0), b_TD.dim(1))) {
      throw mismatch("add", "equal shapes", a_TD, b_TD);
    }
    Tensor out_TD = scratch.take(DType.F32, a_TD.dim(0), a_TD.dim(1));
    kernels.add(out_TD, a_TD, b_TD);
    return out_TD;
  }

  /** a_ti + sigmoid(gate_t) b_ti. */
  public Tensor addGated(Tensor a_TD, Tensor b_TD, Tensor gate_T1) {
    if (!a_TD.hasShape(b_TD.dim(0), b_TD.dim(1)) || gate_T1.size() != a_TD.dim(0)) {
      throw mismatch("addGated", "(T, D), (T, D), (T, 1)", a_TD, b_TD, gate_T1);
    }
    Tensor out_TD = scratch.take(DType.F32, a_TD.dim(0), a_TD.dim(1));
    kernels.addGated(out_TD, a_TD, b_TD, gate_T1);
    return out_TD;
  }

  /** Root-mean-square normalisation of every row. */
  public Tensor rmsNorm(Tensor x_TD, Tensor w_D, float eps) {
    if (x_TD.dim(1) != w_D.size() || w_D.dtype() != DType.F32) {
      throw mismatch("rmsNorm", "(T, D) and F32 (D)", x_TD, w_D);
    }
    Tensor out_TD = scratch.take(DType.F32, x_TD.dim(0), x_TD.dim(1));
    kernels.rmsNorm(out_TD, x_TD, w_D, eps);
    return out_TD;
  }

  /** x W^T (+ bias): (T, O). */
  public Tensor linear(Tensor x_TI, Tensor w_OI, @Nullable Tensor bias_O) {
    if (!(w_OI.rank() == 2
        && w_OI.isContiguous()
        && x_TI.dim(1) == w_OI.dim(1)
        && (bias_O == null || bias_O.size() == w_OI.dim(0)))) {
      throw mismatch("linear", "(T, I), (O, I) and maybe (O)", x_TI, w_OI, bias_O);
    }
    Tensor out_TO = scratch.take(DType.F32, x_TI.dim(0), w_OI.dim(0));
    kernels.linear(out_TO, x_TI, alive(w_OI), bias_O);
    return out_TO;
  }

  /** silu(gate) * up. */
  public Tensor swiglu(Tensor gate_TF, Tensor up_TF) {
    if (!gate_TF.hasShape(up_TF.dim(0), up_TF.dim(1))) {
      throw mismatch("swiglu", "equal shapes", gate_TF, up_TF);
    }
    Tensor out_TF = scratch.take(DType.F32, gate_TF.dim(0), gate_TF.dim(1));
    kernels.swiglu(out_TF, gate_TF, up_TF);
    return out_TF;
  }

  /** Rotary rotations of each position: (T, r), cosine and sine in turn, times {@code scale}. */
  public Tensor rotations(int[] positions, Tensor frequency_r2, float scale) {
    Tensor out_Tr = scratch.take(DType.F32, positions.length, 2 * frequency_r2.dim(0));
    kernels.rotations(out_Tr, positions, frequency_r2, scale);
    return out_Tr;
  }

  /**
   * x with r numbers of every head rotated, from {@code offset} in the head: the shape of x, (T, H,
   * d).
   */
  public Tensor rope(Tensor x_THd, Tensor rotations_Tr, int offset, boolean interleaved) {
    if (!(x_THd.rank() == 3
        && x_THd.dim(0) == rotations_Tr.dim(0)
        && offset + rotations_Tr.dim(1) <= x_THd.dim(2))) {
      throw mismatch(
          "rope", "(T, H, d) and (T, r) with r numbers from " + offset, x_THd, rotations_Tr);
    }
    Tensor out_THd =
        scratch
            .take(DType.F32, x_THd.dim(0), x_THd.dim(1) * x_THd.dim(2))
            .view(x_THd.dim(0), x_THd.dim(1), x_THd.dim(2));
    kernels.rope(out_THd, x_THd, rotations_Tr, offset, interleaved);
    return out_THd;
  }

  /** Causal grouped-query attention: (T, H d). */
  public Tensor attention(
      Tensor q_THd, Tensor k_TKd, Tensor v_TKd, int layer, Batch batch, float scale, int window) {
    if (!(q_THd.dim(0) == batch.size()
        && q_THd.dim(1) % k_TKd.dim(1) == 0
        && k_TKd.dim(2) == q_THd.dim(2)
        && v_TKd.hasShape(k_TKd.dim(0), k_TKd.dim(1), k_TKd.dim(2)))) {
      throw mismatch(
          "attention",
          "(T, H, d), (T, K, d), (T, K, d) with H a multiple of K",
          q_THd,
          k_TKd,
          v_TKd);
    }
    Tensor out_TO = scratch.take(DType.F32, q_THd.dim(0), q_THd.dim(1) * q_THd.dim(2));
    kernels.attention(
        out_TO.view(q_THd.dim(0), q_THd.dim(1), q_THd.dim(2)),
        q_THd,
        k_TKd,
        v_TKd,
        layer,
        batch,
        scale,
        window);
    return out_TO;
  }

  /** DeepSeek's latent attention: (T, H v). See {@link Kernels#latentAttention}. */
  public Tensor latentAttention(
      Tensor q_THq,
      Tensor c_TC,
      Tensor rope_Tr,
      Tensor k_HnC,
      boolean kTransposed,
      Tensor v_HvC,
      int layer,
      Batch batch,
      float scale) {
    int nope = k_HnC.dim(kTransposed ? 2 : 1);
    int rank = k_HnC.dim(kTransposed ? 1 : 2);
    if (!(q_THq.dim(0) == batch.size()
        && q_THq.dim(1) == k_HnC.dim(0)
        && k_HnC.dim(0) == v_HvC.dim(0)
        && q_THq.dim(2) == nope + rope_Tr.dim(1)
        && c_TC.dim(1) == rank
        && v_HvC.dim(2) == rank)) {
      throw mismatch(
          "latentAttention",
          "(T, H, n + r), (T, C), (T, r), (H, n, C), (H, v, C)",
          q_THq,
          c_TC,
          rope_Tr,
          k_HnC,
          v_HvC);
    }
    Tensor out_TO = scratch.take(DType.F32, q_THq.dim(0), v_HvC.dim(0) * v_HvC.dim(1));
    kernels.latentAttention(
        out_TO.view(q_THq.dim(0), v_HvC.dim(0), v_HvC.dim(1)),
        q_THq,
        c_TC,
        rope_Tr,
        alive(k_HnC),
        kTransposed,
        alive(v_HvC),
        layer,
        batch,
        scale);
    return out_TO;
  }

  /**
   * A mixture of experts: chooses by the router's logits, mixes what the chosen say: (T, D).
   *
   * @param bias_E added to the scores for the choice alone
   */
  public Tensor experts(
      Tensor x_TD,
      Tensor logits_TE,
      @Nullable Tensor bias_E,
      Routing routing,
      ExpertWeights weights) {
    if (!(logits_TE.hasShape(x_TD.dim(0), weights.count())
        && (bias_E == null || bias_E.size() == weights.count()))) {
      throw mismatch(
          "experts",
          "(T, D), (T, E) and maybe (E) with E = " + weights.count(),
          x_TD,
          logits_TE,
          bias_E);
    }
    alive(weights.gate_FD().getFirst());
    int k = routing.expertsPerToken();
    Tensor expert_Tk = scratch.take(DType.I32, x_TD.dim(0), k);
    Tensor weight_Tk = scratch.take(DType.F32, x_TD.dim(0), k);
    kernels.route(expert_Tk, weight_Tk, logits_TE, bias_E, routing);
    Tensor out_TD = scratch.take(DType.F32, x_TD.dim(0), x_TD.dim(1));
    kernels.experts(out_TD, x_TD, expert_Tk, weight_Tk, weights);
    return out_TD;
  }

  /** Kernels read raw addresses: weights whose file was closed must be caught here. */
  private static Tensor alive(Tensor weight) {
    if (!weight.data().scope().isAlive()) {
      throw new IllegalStateException(
          "the model's weights " + weight + " were closed; open the model again to use it");
    }
    return weight;
  }

  private static IllegalArgumentException mismatch(
      String op, String expected, @Nullable Tensor... found) {
    return new IllegalArgumentException(
        op + ": expects " + expected + ", found " + Arrays.toString(found));
  }
}
