package dev.hadal.backend.simd;

import dev.hadal.backend.ExpertWeights;
import dev.hadal.backend.Rows;
import dev.hadal.tensor.Tensor;
import java.util.Arrays;

/**
 * A mixture of experts: tokens are grouped by expert, so that each expert's matrices are unpacked
 * once for all its tokens.
 *
 * <p>First all pairs of (expert, rows of gate and up), whose outputs become the inputs of the down
 * projection where they are; then rows of down over all experts, so that no two workers add to the
 * same output. Experts are summed in order of their number: a token's result does not depend on the
 * others of the batch. Shapes: T tokens, k experts a token, D hidden, F feed-forward, E experts.
 */
final class ExpertsTask {
  /** Tokens taken at once; bounds what is held of their inputs and hidden numbers. */
  private static final int MOST_TOKENS = 512;

  private static final int CHUNK_BYTES = 128 << 10;

  private final WorkerPool pool;
  private final Rows rows;
  private final WorkerPool.Task load = this::load;
  private final WorkerPool.Task hidden = this::hidden;
  private final WorkerPool.Task down = this::down;

  private int D;
  private int F;
  private int k;
  private long xAddress;
  private long outAddress;
  private int tokens;
  private int active; // experts with tokens
  private int downRows;
  private float[] shared = new float[0];
  private float[] hiddenShared = new float[0];
  private int[] firstSlot = new int[1]; // of each expert; one more at the end
  private int[] filled = new int[0];
  private int[] slotToken = new int[0];
  private float[] slotWeight = new float[0];
  private int[] firstUnit = new int[1]; // of each active expert; one more at the end
  private int[] chunkRows = new int[0];
  private Group[] groups = new Group[0];

  /** One expert with its tokens. */
  private static final class Group {
    final Weight gate = new Weight();
    final Weight up = new Weight();
    final Weight down = new Weight();
    final Activations x;
    final Activations h;
    int firstSlot;

    Group(Rows rows) {
      x = new Activations(rows);
      h = new Activations(rows);
    }
  }

  ExpertsTask(WorkerPool pool, Rows rows) {
    this.pool = pool;
    this.rows = rows;
  }

  void run(Tensor out_TD, Tensor x_TD, Tensor expert_Tk, Tensor weight_Tk, ExpertWeights weights) {
    D = x_TD.dim(-1);
    F = weights.gate_FD().get(0).dim(0);
    k = expert_Tk.dim(1);
    int T = x_TD.rowCount();
    for (int from = 0; from < T; from += MOST_TOKENS) {
      tokens = Math.min(MOST_TOKENS, T - from);
      xAddress = x_TD.address() + 4L * from * D;
      outAddress = out_TD.address() + 4L * from * D;
      sortByExpert(expert_Tk, weight_Tk, from, weights.count());
      makeGroups(weights);
      pool.run(load, active);
      pool.run(hidden, firstUnit[active]);
      for (int g = 0; g < active; g++) {
        groups[g].h.prepare(groups[g].down.type);
      }
      pool.run(down, (D + downRows - 1) / downRows);
    }
  }

  private void sortByExpert(Tensor expert_Tk, Tensor weight_Tk, int from, int experts) {
    int slots = tokens * k;
    if (firstSlot.length <= experts) {
      firstSlot = new int[experts + 1];
      filled = new int[experts];
    }
    if (slotToken.length < slots) {
      slotToken = new int[slots];
      slotWeight = new float[slots];
    }
    Arrays.fill(filled, 0, experts, 0);
    long first = (long) from * k;
    for (int i = 0; i < slots; i++) {
      filled[expert_Tk.getInt(first + i)]++;
    }
    firstSlot[0] = 0;
    for (int e = 0; e < experts; e++) {
      firstSlot[e + 1] = firstSlot[e] + filled[e];
    }
    Arrays.fill(filled, 0, experts, 0);
    for (int i = 0; i < slots; i++) {
      int e = expert_Tk.getInt(first + i);
      int slot = firstSlot[e] + filled[e]++;
      slotToken[slot] = i / k;
      slotWeight[slot] = weight_Tk.get(first + i);
    }
  }

  private void makeGroups(ExpertWeights weights) {
    int experts = weights.count();
    active = 0;
    int held = 0;
    for (int e = 0; e < experts; e++) {
      int count = firstSlot[e + 1] - firstSlot[e];
      active += count > 0 ? 1 : 0;
      held += Activations.rowsHeld(count, rows);
    }
    room(held);
    int base = 0;
    int g = 0;
    boolean many = false;
    long downBytes = 0;
    firstUnit[0] = 0;
    for (int e = 0; e < experts; e++) {
      int count = firstSlot[e + 1] - firstSlot[e];
      if (count == 0) {
        continue;
      }
      Group group = groups[g];
      group.gate.set(weights.gate_FD().get(e));
      group.up.set(weights.up_FD().get(e));
      group.down.set(weights.down_DF().get(e));
      group.firstSlot = firstSlot[e];
      group.x.shape(count, D, shared, base * D);
      group.h.shape(count, F, hiddenShared, base * F);
      base += Activations.rowsHeld(count, rows);
      chunkRows[g] = Gemm.chunkRows(group.gate, group.x, Math.max(1, pool.width() / active));
      firstUnit[g + 1] = firstUnit[g] + (F + chunkRows[g] - 1) / chunkRows[g];
      many |= group.x.many();
      downBytes += group.down.rowBytes;
      g++;
    }
    int share = Math.max(Gemm.TILE_ROWS, D / (4 * pool.width()));
    downRows =
        many
            ? Math.min(Gemm.CHUNK_ROWS, share / Gemm.TILE_ROWS * Gemm.TILE_ROWS)
            : Math.clamp(CHUNK_BYTES / downBytes, 4, share);
  }

  private void room(int held) {
    if (groups.length < active) {
      int had = groups.length;
      groups = Arrays.copyOf(groups, active);
      for (int g = had; g < active; g++) {
        groups[g] = new Group(rows);
      }
      firstUnit = new int[active + 1];
      chunkRows = new int[active];
    }
    if (shared.length < held * D) {
      shared = new float[Math.multiplyExact(held, D)];
    }
    if (hiddenShared.length < held * F) {
      hiddenShared = new float[Math.multiplyExact(held, F)];
    }
  }

  private void load(int g, Worker worker) {
    Group group = groups[g];
    group.x.loadAll(xAddress, 4L * D, slotToken, group.firstSlot);
    group.x.prepare(group.gate.type);
  }

  private void hidden(int unit, Worker worker) {
    int g = Arrays.binarySearch(firstUnit, 0, active, unit);
    g = g < 0 ? -g - 2 : g;
    Group group = groups[g];
    int from = (unit - firstUnit[g]) * chunkRows[g];
    int rows = Math.min(chunkRows[g], F - from);
    int size = Gemm.outputSize(rows, group.x);
    float[] gate = worker.floats(Worker.OUTPUTS, size);
    float[] up = worker.floats(Worker.MORE_OUTPUTS, size);
    Gemm.multiply(group.gate, from, rows, group.x, gate, worker);
    Gemm.multiply(group.up, from, rows, group.x, up, worker);
    int stride = Gemm.outputStride(group.x);
    VectorMath.swiglu(gate, 0, up, 0, rows * stride);
    for (int r = 0; r < rows; r++) {
      group.h.putInput(from + r, gate, r * stride);
    }
  }

  private void down(int unit, Worker worker) {
    int from = unit * downRows;
    int rows = Math.min(downRows, D - from);
    for (int t = 0; t < tokens; t++) {
      long at = outAddress + 4L * ((long) t * D + from);
      for (int r = 0; r < rows; r++) {
        Memory.ALL.set(Memory.FLOAT, at + 4L * r, 0);
      }
    }
    for (int g = 0; g < active; g++) {
      Group group = groups[g];
      float[] c = worker.floats(Worker.OUTPUTS, Gemm.outputSize(rows, group.h));
      Gemm.multiply(group.down, from, rows, group.h, c, worker);
      int stride = Gemm.outputStride(group.h);
      for (int i = 0; i < group.h.count; i++) {
        int slot = group.firstSlot + i;
        long at = outAddress + 4L * ((long) slotToken[slot] * D + from);
        accumulate(at, c, i, stride, rows, slotWeight[slot]);
      }
    }
  }

  private static void accumulate(long out, float[] c, int at, int stride, int rows, float weight) {
    for (int r = 0; r < rows; r++) {
      float sum = Memory.ALL.get(Memory.FLOAT, out + 4L * r) + weight * c[at + r * stride];
      Memory.ALL.set(Memory.FLOAT, out + 4L * r, sum);
    }
  }
}
