package dev.hadal.backend.simd;

import dev.hadal.backend.Batch;
import dev.hadal.backend.ExpertWeights;
import dev.hadal.backend.Kernels;
import dev.hadal.backend.Rows;
import dev.hadal.backend.reference.ReferenceKernels;
import dev.hadal.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The kernels that are hot, on vectors and all workers; the rest is inherited.
 *
 * <p>Tasks are objects that are kept and set anew for each call, so that a call allocates nothing
 * once every buffer has its size.
 */
public class SimdKernels extends ReferenceKernels {
  private final WorkerPool pool;
  private final Elementwise elementwise;
  private final LinearTask linear;
  private final AttentionTask attention;
  private final ElementsTask elements;
  private final RotaryTask rotary;
  private final LatentAttentionTask latentAttention;
  private final ExpertsTask experts;

  /**
   * @param pool whose threads do the work; closed by its owner
   */
  public SimdKernels(WorkerPool pool) {
    this(
        pool,
        OnlineSoftmax.Source.ON_VECTORS,
        HeadProduct.ON_VECTORS,
        Elementwise.ON_VECTORS,
        Rows.ANY);
  }

  /**
   * @param softmaxes what attention computes with
   * @param product what latent attention multiplies a head's matrices with
   * @param elementwise what touches every number once
   * @param rows which kind of rows products are made for
   */
  protected SimdKernels(
      WorkerPool pool,
      OnlineSoftmax.Source softmaxes,
      HeadProduct product,
      Elementwise elementwise,
      Rows rows) {
    this.pool = pool;
    this.elementwise = elementwise;
    linear = new LinearTask(pool, rows);
    attention = new AttentionTask(pool, softmaxes);
    elements = new ElementsTask(pool, elementwise);
    rotary = new RotaryTask(pool);
    latentAttention = new LatentAttentionTask(pool, softmaxes, product);
    experts = new ExpertsTask(pool, rows);
  }

  @Override
  public Kernels forRows(Rows rows) {
    return new SimdKernels(
        pool, OnlineSoftmax.Source.onVectors(rows), HeadProduct.onVectors(rows), elementwise, rows);
  }

  @Override
  public void linear(Tensor out_TO, Tensor x_TI, Tensor w_OI, @Nullable Tensor bias_O) {
    linear.run(out_TO, x_TI, w_OI, bias_O);
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
    attention.run(out_THd, q_THd, k_TKd, v_TKd, layer, batch, scale, window);
  }

  @Override
  public void embed(Tensor out_TD, Tensor table_VD, int[] tokens) {
    elements.embed(out_TD, table_VD, tokens);
  }

  @Override
  public void rotations(Tensor out_Tr, int[] positions, Tensor frequency_r2, float scale) {
    rotary.rotations(out_Tr, positions, frequency_r2, scale);
  }

  @Override
  public void addGated(Tensor out_TD, Tensor a_TD, Tensor b_TD, Tensor gate_T) {
    elements.addGated(out_TD, a_TD, b_TD, gate_T);
  }

  @Override
  public void add(Tensor out, Tensor a, Tensor b) {
    elements.add(out, a, b);
  }

  @Override
  public void swiglu(Tensor out_TF, Tensor gate_TF, Tensor up_TF) {
    elements.swiglu(out_TF, gate_TF, up_TF);
  }

  @Override
  public void rmsNorm(Tensor out_TD, Tensor x_TD, Tensor w_D, float eps) {
    elements.rmsNorm(out_TD, x_TD, w_D, eps);
  }

  @Override
  public void rope(
      Tensor out_THd, Tensor x_THd, Tensor rotations_Tr, int offset, boolean interleaved) {
    rotary.rope(out_THd, x_THd, rotations_Tr, offset, interleaved);
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
    latentAttention.run(
        out_THv, q_THq, c_TC, rope_Tr, k_HnC, kTransposed, v_HvC, layer, batch, scale);
  }

  @Override
  public void experts(
      Tensor out_TD, Tensor x_TD, Tensor expert_Tk, Tensor weight_Tk, ExpertWeights weights) {
    experts.run(out_TD, x_TD, expert_Tk, weight_Tk, weights);
  }
}
