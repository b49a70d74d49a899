package dev.hadal.backend.jit;

import dev.hadal.backend.Batch;
import dev.hadal.backend.ExpertWeights;
import dev.hadal.backend.Kernels;
import dev.hadal.backend.Rows;
import dev.hadal.backend.simd.SimdKernels;
import dev.hadal.backend.simd.WorkerPool;
import dev.hadal.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Products by machine code, with quantised weights in whole numbers; everything else as {@code
 * simd} does it.
 *
 * <p>Beside quantised weights, activations are rounded for 32 numbers at a time: to 8 bits for
 * types of 4 to 6 bits (as llama.cpp does; an output is off by about 0.5% of its terms' root mean
 * square), to 16 bits for Q8_0 where the processor multiplies 16 bits. A row's result does not
 * depend on the rows beside it, to the last bit.
 */
final class JitKernels extends SimdKernels implements AutoCloseable {
  private final Machine machine;
  private final Workspace[] workspaces;
  private final Linear linear;
  private final Experts experts;
  private final Softmaxes softmaxes;
  private final MachineHeadProduct product;

  JitKernels(WorkerPool pool, Machine machine) {
    this(
        pool,
        machine,
        new Softmaxes(machine, pool.width()),
        new MachineHeadProduct(machine, pool.width()));
  }

  private JitKernels(
      WorkerPool pool, Machine machine, Softmaxes softmaxes, MachineHeadProduct product) {
    super(pool, softmaxes, product, machine.elementwise(), Rows.ANY);
    this.machine = machine;
    this.product = product;
    this.softmaxes = softmaxes;
    workspaces = new Workspace[pool.width()];
    for (int i = 0; i < workspaces.length; i++) {
      workspaces[i] = new Workspace();
    }
    linear = new Linear(pool, workspaces);
    experts = new Experts(machine, pool, workspaces, super::swiglu);
  }

  @Override
  public Kernels forRows(Rows rows) {
    return this;
  }

  @Override
  public void linear(Tensor out_TO, Tensor x_TI, Tensor w_OI, @Nullable Tensor bias_O) {
    TypeKernels kernels = Matrix.takes(w_OI) ? machine.kernels(w_OI.dtype()) : null;
    if (kernels == null) {
      super.linear(out_TO, x_TI, w_OI, bias_O);
    } else {
      linear.run(out_TO, x_TI, w_OI, kernels, bias_O);
    }
  }

  @Override
  public void experts(
      Tensor out_TD, Tensor x_TD, Tensor expert_Tk, Tensor weight_Tk, ExpertWeights weights) {
    if (experts.takes(weights)) {
      experts.run(out_TD, x_TD, expert_Tk, weight_Tk, weights);
    } else {
      super.experts(out_TD, x_TD, expert_Tk, weight_Tk, weights);
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
    softmaxes.ready(q_THd.dim(2), q_THd.dim(2));
    super.attention(out_THd, q_THd, k_TKd, v_TKd, layer, batch, scale, window);
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
    softmaxes.ready(c_TC.dim(1) + rope_Tr.dim(1), c_TC.dim(1)); // absorbed
    softmaxes.ready(q_THq.dim(2), v_HvC.dim(1)); // decompressed
    product.ready(k_HnC);
    product.ready(v_HvC);
    super.latentAttention(
        out_THv, q_THq, c_TC, rope_Tr, k_HnC, kTransposed, v_HvC, layer, batch, scale);
  }

  @Override
  public void close() {
    softmaxes.close();
    product.close();
    experts.close();
    linear.close();
    for (Workspace workspace : workspaces) {
      workspace.close();
    }
  }
}
