package dev.hadal.backend.jit;

import dev.hadal.backend.ExpertWeights;
import dev.hadal.backend.simd.WorkerPool;
import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A mixture of experts. Tokens are sorted by expert, so that each expert's matrices meet all their
 * tokens at once; a slot is one of a token's k experts.
 *
 * <p>A token's experts are summed in the order in which they were chosen: its result does not
 * depend on the others of the batch. Shapes: T tokens, k experts a token, S = T k slots, D hidden,
 * F feed-forward. One thread calls at a time.
 */
final class Experts implements AutoCloseable {
  /** silu(gate) * up, as the back end does it elsewhere. */
  interface Swiglu {
    void swiglu(Tensor out, Tensor gate, Tensor up);
  }

  /** Tokens at once: bounds what is held of their inputs, hidden numbers and outputs. */
  private static final int MOST_TOKENS = 512;

  private static final int LOAD_SLOTS = 8;

  private final Machine machine;
  private final WorkerPool pool;
  private final Swiglu swiglu;
  private final Products products;
  private final Records gateX = new Records();
  private final Records upX = new Records();
  private final Records downX = new Records();
  private final NativeBuffer gateBuffer = new NativeBuffer();
  private final NativeBuffer upBuffer = new NativeBuffer();
  private final NativeBuffer downBuffer = new NativeBuffer();
  private final WorkerPool.Task loadInputs = (unit, worker) -> loadInputs(unit);
  private final WorkerPool.Task loadHidden = (unit, worker) -> loadHidden(unit);
  private final WorkerPool.Task sum = (unit, worker) -> sum(unit);

  private @Nullable TypeKernels gate;
  private @Nullable TypeKernels up;
  private @Nullable TypeKernels down;
  private @Nullable Tensor gate_SF;
  private @Nullable Tensor up_SF;
  private int D;
  private int F;
  private int k;
  private int tokens;
  private int slots;
  private long xAddress;
  private long outAddress;
  private long downAddress;
  private int[] firstSlot = new int[1]; // of each expert; one more at the end
  private int[] filled = new int[0];
  private int[] slotToken = new int[0];
  private int[] choiceSlot = new int[0]; // where a token's choice lies
  private float[] choiceWeight = new float[0];

  Experts(Machine machine, WorkerPool pool, Workspace[] workspaces, Swiglu swiglu) {
    this.machine = machine;
    this.pool = pool;
    this.swiglu = swiglu;
    products = new Products(pool, workspaces);
  }

  /** Whether we have code for all of these matrices. */
  boolean takes(ExpertWeights weights) {
    gate = kernels(weights.gate_FD());
    up = kernels(weights.up_FD());
    down = kernels(weights.down_DF());
    return gate != null && up != null && down != null;
  }

  /** The kernels of matrices that are all of one type. */
  private @Nullable TypeKernels kernels(List<Tensor> matrices) {
    DType type = matrices.get(0).dtype();
    for (Tensor matrix : matrices) {
      if (matrix.dtype() != type || !Matrix.takes(matrix)) {
        return null;
      }
    }
    return machine.kernels(type);
  }

  /** Must follow a {@link #takes} of the same weights that said yes. */
  void run(Tensor out_TD, Tensor x_TD, Tensor expert_Tk, Tensor weight_Tk, ExpertWeights weights) {
    D = x_TD.dim(-1);
    F = weights.gate_FD().get(0).dim(0);
    k = expert_Tk.dim(1);
    int T = x_TD.rowCount();
    for (int from = 0; from < T; from += MOST_TOKENS) {
      tokens = Math.min(MOST_TOKENS, T - from);
      slots = tokens * k;
      xAddress = x_TD.address() + 4L * from * D;
      outAddress = out_TD.address() + 4L * from * D;
      sortByExpert(expert_Tk, weight_Tk, from, weights.count());
      hidden(weights, known(gate), known(up));
      down(weights, known(down));
      pool.run(sum, Math.ceilDiv(tokens, LOAD_SLOTS));
    }
  }

  private void sortByExpert(Tensor expert_Tk, Tensor weight_Tk, int from, int experts) {
    if (firstSlot.length <= experts) {
      firstSlot = new int[experts + 1];
      filled = new int[experts];
    }
    if (slotToken.length < slots) {
      slotToken = new int[slots];
      choiceSlot = new int[slots];
      choiceWeight = new float[slots];
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
      choiceSlot[i] = slot;
      choiceWeight[i] = weight_Tk.get(first + i);
    }
  }

  private void hidden(ExpertWeights weights, TypeKernels gate, TypeKernels up) {
    gateX.shape(gate, slots, D);
    if (up != gate) {
      upX.shape(up, slots, D);
    }
    pool.run(loadInputs, Math.ceilDiv(slots, LOAD_SLOTS));
    Tensor gateOut = gateBuffer.matrix(gate_SF, slots, F);
    Tensor upOut = upBuffer.matrix(up_SF, slots, F);
    gate_SF = gateOut;
    up_SF = upOut;
    products.clear();
    for (int e = 0; e < weights.count(); e++) {
      int first = firstSlot[e];
      int rows = firstSlot[e + 1] - first;
      if (rows > 0) {
        long at = 4L * first * F;
        Records x = up == gate ? gateX : upX;
        Tensor gate_FD = weights.gate_FD().get(e);
        Tensor up_FD = weights.up_FD().get(e);
        products.add(gate, gate_FD, gateX, first, rows, gateOut.address() + at, 4L * F);
        products.add(up, up_FD, x, first, rows, upOut.address() + at, 4L * F);
      }
    }
    products.run();
    swiglu.swiglu(gateOut, gateOut, upOut);
  }

  private void down(ExpertWeights weights, TypeKernels down) {
    downX.shape(down, slots, F);
    pool.run(loadHidden, Math.ceilDiv(slots, LOAD_SLOTS));
    downAddress = downBuffer.atLeast(4L * slots * D);
    products.clear();
    for (int e = 0; e < weights.count(); e++) {
      int first = firstSlot[e];
      int rows = firstSlot[e + 1] - first;
      if (rows > 0) {
        Tensor down_DF = weights.down_DF().get(e);
        products.add(down, down_DF, downX, first, rows, downAddress + 4L * first * D, 4L * D);
      }
    }
    products.run();
  }

  private void loadInputs(int unit) {
    TypeKernels gate = known(this.gate);
    TypeKernels up = known(this.up);
    for (int s = unit * LOAD_SLOTS; s < Math.min(slots, (unit + 1) * LOAD_SLOTS); s++) {
      long x = xAddress + 4L * slotToken[s] * D;
      gateX.load(gate, s, x);
      if (up != gate) {
        upX.load(up, s, x);
      }
    }
  }

  private void loadHidden(int unit) {
    TypeKernels down = known(this.down);
    Tensor hidden_SF = known(gate_SF);
    for (int s = unit * LOAD_SLOTS; s < Math.min(slots, (unit + 1) * LOAD_SLOTS); s++) {
      downX.load(down, s, hidden_SF.address() + 4L * s * F);
    }
  }

  private void sum(int unit) {
    for (int t = unit * LOAD_SLOTS; t < Math.min(tokens, (unit + 1) * LOAD_SLOTS); t++) {
      long out = outAddress + 4L * t * D;
      Floats.clear(out, D);
      for (int i = t * k; i < (t + 1) * k; i++) {
        Floats.addScaled(out, choiceWeight[i], downAddress + 4L * choiceSlot[i] * D, D);
      }
    }
  }

  private static <T> T known(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("takes() must come first");
    }
    return value;
  }

  @Override
  public void close() {
    gateX.close();
    upX.close();
    downX.close();
    gateBuffer.close();
    upBuffer.close();
    downBuffer.close();
  }
}
