package dev.hadal.backend.simd;

import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;
import dev.hadal.tensor.quant.Dequant;
import org.jspecify.annotations.Nullable;

/**
 * The kernels that touch every number once: on the calling thread when they are small, shared out
 * when they are not.
 */
final class ElementsTask {
  /** Numbers of a unit; about the time it takes to hand one over. */
  private static final int UNIT = 16 << 10;

  private static final int[] NONE = new int[0];

  private final WorkerPool pool;
  private final Elementwise elementwise;
  private final WorkerPool.Task add = this::addUnit;
  private final WorkerPool.Task swiglu = this::swigluUnit;
  private final WorkerPool.Task rmsNorm = this::rmsNormUnit;
  private final WorkerPool.Task addGated = this::addGatedUnit;
  private final WorkerPool.Task embed = this::embedUnit;
  private long out;
  private long a;
  private long b;
  private long gates;
  private long w;
  private long size;
  private float[] small = new float[0];
  private boolean plain;
  private int D;
  private int rows;
  private int rowsPerUnit;
  private float eps;
  private int[] tokens = NONE;
  private @Nullable Tensor table_VD;

  /**
   * @param elementwise what computes where rows are long
   */
  ElementsTask(WorkerPool pool, Elementwise elementwise) {
    this.pool = pool;
    this.elementwise = elementwise;
  }

  void add(Tensor out, Tensor a, Tensor b) {
    D = out.dim(-1);
    pool.run(add, pair(out, a, b));
  }

  void swiglu(Tensor out, Tensor gate, Tensor up) {
    D = out.dim(-1);
    pool.run(swiglu, pair(out, gate, up));
  }

  private int pair(Tensor out, Tensor a, Tensor b) {
    this.out = out.address();
    this.a = a.address();
    this.b = b.address();
    size = out.size();
    return Math.toIntExact((size + UNIT - 1) / UNIT);
  }

  private void addUnit(int unit, Worker worker) {
    long skip = 4L * UNIT * unit;
    int count = (int) Math.min(UNIT, size - (long) UNIT * unit);
    if (D > Scalar.ROW) {
      elementwise.add(out + skip, a + skip, b + skip, count);
      return;
    }
    for (long i = skip; i < skip + 4L * count; i += 4) {
      float sum = Memory.ALL.get(Memory.FLOAT, a + i) + Memory.ALL.get(Memory.FLOAT, b + i);
      Memory.ALL.set(Memory.FLOAT, out + i, sum);
    }
  }

  private void swigluUnit(int unit, Worker worker) {
    long skip = 4L * UNIT * unit;
    int count = (int) Math.min(UNIT, size - (long) UNIT * unit);
    if (D > Scalar.ROW) {
      elementwise.swiglu(out + skip, a + skip, b + skip, count);
      return;
    }
    float[] gate = worker.floats(Worker.FIRST_OWN, count);
    float[] up = worker.floats(Worker.FIRST_OWN + 1, count);
    Memory.read(a + skip, gate, 0, count);
    Memory.read(b + skip, up, 0, count);
    Scalar.swiglu(gate, up, count);
    Memory.write(gate, 0, out + skip, count);
  }

  void addGated(Tensor out_TD, Tensor a_TD, Tensor b_TD, Tensor gate_T) {
    out = out_TD.address();
    a = a_TD.address();
    b = b_TD.address();
    gates = gate_T.address();
    D = out_TD.dim(-1);
    pool.run(addGated, share(out_TD.rowCount()));
  }

  private void addGatedUnit(int unit, Worker worker) {
    int to = Math.min(rows, (unit + 1) * rowsPerUnit);
    float[] sum = worker.floats(Worker.FIRST_OWN, D);
    float[] gated = worker.floats(Worker.FIRST_OWN + 1, D);
    for (int t = unit * rowsPerUnit; t < to; t++) {
      long skip = 4L * D * t;
      float gate = (float) (1 / (1 + Math.exp(-Memory.ALL.get(Memory.FLOAT, gates + 4L * t))));
      Memory.read(a + skip, sum, 0, D);
      Memory.read(b + skip, gated, 0, D);
      Scalar.addScaled(sum, 0, gated, 0, gate, D);
      Memory.write(sum, 0, out + skip, D);
    }
  }

  void embed(Tensor out_TD, Tensor table_VD, int[] tokens) {
    out = out_TD.address();
    D = table_VD.dim(1);
    this.table_VD = table_VD;
    this.tokens = tokens;
    pool.run(embed, share(tokens.length));
    this.tokens = NONE;
    this.table_VD = null;
  }

  // A row a token is little work: plain loops, which are soon compiled, before the first token.
  private void embedUnit(int unit, Worker worker) {
    Tensor table = table_VD;
    if (table == null) {
      throw new IllegalStateException("no table outside a call");
    }
    int to = Math.min(rows, (unit + 1) * rowsPerUnit);
    float[] row = worker.floats(Worker.FIRST_OWN, D);
    for (int t = unit * rowsPerUnit; t < to; t++) {
      Dequant.decodeRow(table, tokens[t], row);
      Memory.write(row, 0, out + 4L * D * t, D);
    }
  }

  void rmsNorm(Tensor out_TD, Tensor x_TD, Tensor w_D, float eps) {
    out = out_TD.address();
    a = x_TD.address();
    D = x_TD.dim(-1);
    this.eps = eps;
    w = w_D.address();
    plain = D <= Scalar.ROW || w_D.dtype() != DType.F32;
    if (plain) {
      if (small.length < D) {
        small = new float[D];
      }
      Dequant.decodeRow(w_D, 0, small);
    }
    pool.run(rmsNorm, share(x_TD.rowCount()));
  }

  /** Cuts rows of D numbers into units. */
  private int share(int count) {
    rows = count;
    rowsPerUnit = Math.max(1, UNIT / Math.max(1, D));
    return (count + rowsPerUnit - 1) / rowsPerUnit;
  }

  private void rmsNormUnit(int unit, Worker worker) {
    int to = Math.min(rows, (unit + 1) * rowsPerUnit);
    for (int t = unit * rowsPerUnit; t < to; t++) {
      long skip = 4L * D * t;
      if (plain) {
        float[] row = worker.floats(Worker.FIRST_OWN, D);
        Memory.read(a + skip, row, 0, D);
        Scalar.normalise(row, small, eps, D);
        Memory.write(row, 0, out + skip, D);
        continue;
      }
      elementwise.rmsNorm(out + skip, a + skip, w, eps, D);
    }
  }
}
