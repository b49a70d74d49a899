package dev.hadal.backend.jit;

import dev.hadal.backend.jit.AttentionKernel.Call;
import dev.hadal.backend.jit.AttentionKernel.State;
import dev.hadal.backend.simd.OnlineSoftmax;
import dev.hadal.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** {@link OnlineSoftmax} by {@link AttentionKernel}: rows go in fours, the last ones padded. */
final class QuadSoftmax implements OnlineSoftmax, AutoCloseable {
  private static final int ROWS = AttentionKernel.ROWS;

  /** Finite, so that differences are numbers; no score is lower. */
  private static final float NOTHING = -Float.MAX_VALUE;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment call = arena.allocate(Call.BYTES, 64);
  private final NativeBuffer buffer = new NativeBuffer();
  private @Nullable AttentionCode code;
  private int[] lastPositions = new int[0]; // of each quad
  private int rows;
  private int quads;
  private int keyDim;
  private int valueDim;
  private long queries;
  private long states;
  private long mixed;
  private long keys;
  private long values;

  QuadSoftmax() {
    set(Call.SCORES, arena.allocate((long) TILE * ROWS * Float.BYTES, 64).address());
  }

  /** Computes with {@code code} from the next beginning on. */
  QuadSoftmax with(AttentionCode code) {
    this.code = code;
    return this;
  }

  @Override
  public void begin(int rows, int keyDim, int valueDim, float scale) {
    this.rows = rows;
    this.keyDim = keyDim;
    this.valueDim = valueDim;
    quads = Math.ceilDiv(rows, ROWS);
    long padded = (long) quads * ROWS;
    long queryBytes = lines(4 * padded * keyDim);
    long mixedBytes = lines(4 * padded * valueDim);
    long keyBytes = lines(4L * TILE * keyDim);
    long stateBytes = (long) quads * State.BYTES;
    queries =
        buffer.atLeast(
            queryBytes + mixedBytes + keyBytes + stateBytes + lines(4L * TILE * valueDim));
    mixed = queries + queryBytes;
    states = mixed + mixedBytes;
    keys = states + stateBytes;
    values = keys + keyBytes;
    if (lastPositions.length < quads) {
      lastPositions = new int[quads];
    }
    Floats.clear(queries + 4L * rows * keyDim, (int) (padded - rows) * keyDim);
    call.set(Tensor.FLOAT, Call.SCALE, scale);
    again();
  }

  private static long lines(long bytes) {
    return (bytes + 63) & -64;
  }

  @Override
  public void again() {
    Floats.clear(mixed, quads * ROWS * valueDim);
    for (int r = 0; r < quads * ROWS; r++) {
      Floats.set(state(r, State.LARGEST), NOTHING);
      Floats.set(state(r, State.SUMS), 0);
    }
  }

  private long state(int r, int field) {
    return states + (long) (r / ROWS) * State.BYTES + field + (long) (r % ROWS) * Float.BYTES;
  }

  @Override
  public void query(int r, long from, int position) {
    Floats.copy(from, queries + 4L * r * keyDim, keyDim);
    position(r, position);
  }

  @Override
  public void query(int r, float[] from, int at, int position) {
    Floats.copy(from, at, queries + 4L * r * keyDim, keyDim);
    position(r, position);
  }

  private void position(int r, int position) {
    int last = r == rows - 1 ? quads * ROWS : r + 1; // padding stands where the last row does
    for (int i = r; i < last; i++) {
      Floats.set(state(i, State.POSITIONS), position);
    }
    lastPositions[r / ROWS] = position;
  }

  @Override
  public void key(int p, int at, float[] from, int fromAt, int count) {
    Floats.copy(from, fromAt, keys + 4L * (p * keyDim + at), count);
  }

  @Override
  public void value(int p, float[] from, int fromAt) {
    Floats.copy(from, fromAt, values + 4L * p * valueDim, valueDim);
  }

  @Override
  public void see(int first, int count, int window) {
    tile(keys, values, 4L * keyDim, 4L * valueDim, keys);
    run(code().floats(), first, count, window);
  }

  @Override
  public void see(
      long keys, long values, long stride, long next, int first, int count, int window) {
    tile(keys, values, stride, stride, next);
    run(code().halves(), first, count, window);
  }

  private AttentionCode code() {
    AttentionCode current = code;
    if (current == null) {
      throw new IllegalStateException("no code was set");
    }
    return current;
  }

  private void tile(long keys, long values, long stride, long valueStride, long next) {
    set(Call.KEYS, keys);
    set(Call.VALUES, values);
    set(Call.STRIDE, stride);
    set(Call.VALUE_STRIDE, valueStride);
    set(Call.NEXT, next);
  }

  private void run(Routine routine, int first, int count, int window) {
    int quad = 0;
    while (quad < quads && lastPositions[quad] < first) {
      quad++; // sees nothing of this tile
    }
    if (quad == quads) {
      return;
    }
    set(Call.QUERIES, queries + 4L * quad * ROWS * keyDim);
    set(Call.STATES, states + (long) quad * State.BYTES);
    set(Call.MIXED, mixed + 4L * quad * ROWS * valueDim);
    set(Call.QUADS, quads - quad);
    set(Call.COUNT, count);
    call.set(Tensor.FLOAT, Call.FIRST, first);
    call.set(Tensor.FLOAT, Call.WINDOW, window == 0 ? Float.POSITIVE_INFINITY : window);
    code().call(routine, call.address());
  }

  private void set(int at, long value) {
    call.set(ValueLayout.JAVA_LONG, at, value);
  }

  @Override
  public float largest(int r) {
    return Floats.get(state(r, State.LARGEST));
  }

  @Override
  public float sum(int r) {
    return Floats.get(state(r, State.SUMS));
  }

  @Override
  public void mixed(int r, float[] to, int at) {
    Floats.copy(mixed + 4L * r * valueDim, to, at, valueDim);
  }

  @Override
  public void close() {
    buffer.close();
    arena.close();
  }
}
