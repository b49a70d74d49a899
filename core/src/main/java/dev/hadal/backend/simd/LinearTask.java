package dev.hadal.backend.simd;

import dev.hadal.backend.Rows;
import dev.hadal.tensor.Tensor;
import dev.hadal.tensor.quant.Dequant;
import org.jspecify.annotations.Nullable;

/** out_to = x_t . w_o (+ bias_o): rows of the matrix shared out in chunks. */
final class LinearTask {
  /** Activations held at once; more are done in several goes. */
  private static final int MOST_ROWS = 512;

  private static final int[] AS_THEY_COME = new int[0];

  private final WorkerPool pool;
  private final Weight w = new Weight();
  private final Activations x;
  private final WorkerPool.Task load = (tile, worker) -> loadTile(tile);
  private final WorkerPool.Task multiply = this::multiplyChunk;
  private float[] bias = new float[0];
  private float[] smallInputs = new float[0];
  private float[] smallOutputs = new float[0];
  private float[] smallRow = new float[0];
  private boolean biased;
  private long xAddress;
  private long outAddress;
  private int chunkRows;

  LinearTask(WorkerPool pool, Rows rows) {
    this.pool = pool;
    x = new Activations(rows);
  }

  void run(Tensor out_TO, Tensor x_TI, Tensor w_OI, @Nullable Tensor bias_O) {
    w.set(w_OI);
    biased = bias_O != null;
    if (bias_O != null) {
      if (bias.length < w.outputs) {
        bias = new float[w.outputs];
      }
      Dequant.decodeRow(bias_O, 0, bias);
    }
    int rows = x_TI.rowCount();
    if (Scalar.takes(w)) {
      small(out_TO.address(), x_TI.address(), rows);
      return;
    }
    for (int from = 0; from < rows; from += MOST_ROWS) {
      xAddress = x_TI.address() + (long) from * w.inputs * Float.BYTES;
      outAddress = out_TO.address() + (long) from * w.outputs * Float.BYTES;
      x.shape(Math.min(MOST_ROWS, rows - from), w.inputs);
      if (x.many()) {
        pool.run(load, x.tiles());
      } else {
        x.loadAll(xAddress, 4L * w.inputs, AS_THEY_COME, 0);
        x.prepare(w.type);
      }
      chunkRows = Gemm.chunkRows(w, x, pool.width());
      pool.run(multiply, (w.outputs + chunkRows - 1) / chunkRows);
    }
  }

  /** On the calling thread alone: there is less to do than to hand over. */
  private void small(long out, long from, int rows) {
    int step = Math.min(rows, MOST_ROWS);
    smallInputs = grown(smallInputs, step * w.inputs);
    smallOutputs = grown(smallOutputs, step * w.outputs);
    smallRow = grown(smallRow, w.inputs);
    for (int t = 0; t < rows; t += step) {
      int count = Math.min(step, rows - t);
      Memory.read(from + 4L * t * w.inputs, smallInputs, 0, count * w.inputs);
      for (int o = 0; o < w.outputs; o++) {
        w.unpack(o, 0, w.inputs, smallRow, 0);
        float add = biased ? bias[o] : 0;
        Scalar.row(smallInputs, count, smallRow, w.inputs, add, smallOutputs, o, w.outputs);
      }
      Memory.write(smallOutputs, 0, out + 4L * t * w.outputs, count * w.outputs);
    }
  }

  private static float[] grown(float[] kept, int length) {
    return kept.length >= length ? kept : new float[length];
  }

  private void loadTile(int tile) {
    x.loadTile(tile, xAddress, 4L * w.inputs, AS_THEY_COME, 0);
  }

  private void multiplyChunk(int unit, Worker worker) {
    int from = unit * chunkRows;
    int rows = Math.min(chunkRows, w.outputs - from);
    float[] c = worker.floats(Worker.OUTPUTS, Gemm.outputSize(rows, x));
    Gemm.multiply(w, from, rows, x, c, worker);
    if (biased) {
      addBias(c, from, rows);
    }
    store(c, Gemm.outputStride(x), rows, x.count, outAddress + 4L * from, 4L * w.outputs);
  }

  private void addBias(float[] c, int from, int rows) {
    int stride = Gemm.outputStride(x);
    for (int r = 0; r < rows; r++) {
      for (int t = 0; t < x.count; t++) {
        c[r * stride + t] += bias[from + r];
      }
    }
  }

  /** Writes c_rt to out_tr. */
  static void store(float[] c, int stride, int rows, int count, long out, long outStride) {
    for (int t = 0; t < count; t++) {
      long at = out + t * outStride;
      for (int r = 0; r < rows; r++) {
        Memory.ALL.set(Memory.FLOAT, at + 4L * r, c[r * stride + t]);
      }
    }
  }
}
