package dev.hadal.backend.jit;

import dev.hadal.backend.simd.Worker;
import dev.hadal.backend.simd.WorkerPool;
import dev.hadal.tensor.Tensor;
import dev.hadal.tensor.quant.Dequant;
import org.jspecify.annotations.Nullable;

/** out_to = x_t . w_o (+ bias_o). One thread calls at a time. */
final class Linear implements AutoCloseable {
  /** Tokens at once: their records stay in the last cache; more are done in several goes. */
  private static final int MOST_TOKENS = 512;

  private static final int LOAD_ROWS = 8;

  private final WorkerPool pool;
  private final Workspace[] workspaces;
  private final Records x = new Records();
  private final WorkerPool.Task load = (unit, worker) -> load(unit);
  private final WorkerPool.Task multiply = this::multiply;
  private final Matrix w;
  private float[] bias = new float[0];
  private boolean biased;
  private int count;
  private int inputs;
  private int outputs;
  private long xAddress;
  private long outAddress;

  Linear(WorkerPool pool, Workspace[] workspaces) {
    this.pool = pool;
    this.workspaces = workspaces;
    w = new Matrix(pool.width());
  }

  void run(Tensor out_TO, Tensor x_TI, Tensor w_OI, TypeKernels kernels, @Nullable Tensor bias_O) {
    w.set(kernels, w_OI);
    inputs = x_TI.dim(-1);
    outputs = out_TO.dim(-1);
    biased = bias_O != null;
    if (bias_O != null) {
      if (bias.length < outputs) {
        bias = new float[outputs];
      }
      Dequant.decodeRow(bias_O, 0, bias);
    }
    int tokens = x_TI.rowCount();
    for (int from = 0; from < tokens; from += MOST_TOKENS) {
      count = Math.min(MOST_TOKENS, tokens - from);
      xAddress = x_TI.address() + 4L * from * inputs;
      outAddress = out_TO.address() + 4L * from * outputs;
      x.shape(kernels, count, inputs);
      pool.run(load, Math.ceilDiv(count, LOAD_ROWS));
      kernels.ready(count);
      pool.run(multiply, w.units(count));
    }
  }

  private void load(int unit) {
    TypeKernels kernels = w.kernels();
    for (int t = unit * LOAD_ROWS; t < Math.min(count, (unit + 1) * LOAD_ROWS); t++) {
      x.load(kernels, t, xAddress + 4L * t * inputs);
    }
  }

  private void multiply(int unit, Worker worker) {
    long stride = 4L * outputs;
    w.multiply(unit, x, 0, count, outAddress, stride, workspaces[worker.number()]);
    if (biased) {
      int from = unit * w.unitRows(count);
      int rows = Math.min(w.unitRows(count), outputs - from);
      for (int t = 0; t < count; t++) {
        Floats.add(outAddress + t * stride + 4L * from, bias, from, rows);
      }
    }
  }

  @Override
  public void close() {
    x.close();
  }
}
