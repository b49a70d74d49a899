package dev.hadal.backend.jit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * The machine code for one storage type, assembled when it is first asked for. Addresses are
 * trusted. Safe from any thread once the code it calls exists: {@link #ready} makes it exist.
 */
final class TypeKernels {
  private final ExecutableMemory memory;
  private final RowType type;
  private final long constants;
  private final @Nullable Routine[] tiles = new Routine[TileKernel.MAX_TOKENS + 1];
  private final Routine activations;
  private final Routine rows;
  private @Nullable Routine pack;

  TypeKernels(ExecutableMemory memory, RowType type, MemorySegment constants) {
    this.memory = memory;
    this.type = type;
    this.constants = constants.address();
    activations = Routine.of(memory, a -> ActivationKernel.emit(a, type));
    rows = Routine.of(memory, a -> RowsKernel.emit(a, type));
  }

  RowType type() {
    return type;
  }

  Panel panel() {
    return type.panel();
  }

  /** Assembles what {@code count} tokens need beyond the kernels for one. */
  void ready(int count) {
    if (pack == null) {
      pack = Routine.of(memory, a -> PackKernel.emit(a, type));
    }
    if (count >= TileKernel.MAX_TOKENS) {
      ready(tiles, TileKernel.MAX_TOKENS);
    }
    if (count % TileKernel.MAX_TOKENS != 0) {
      ready(tiles, count % TileKernel.MAX_TOKENS);
    }
  }

  private void ready(@Nullable Routine[] tiles, int tokens) {
    if (tiles[tokens] == null) {
      tiles[tokens] = Routine.of(memory, a -> TileKernel.emit(a, type.panel(), tokens));
    }
  }

  /** Floats of {@code blocks} blocks of one row to activation records. */
  void activations(long x, long records, int blocks) {
    activations.call(x, records, blocks, 0, 0, constants);
  }

  /** Eight weight rows times one token, into 8 floats. */
  void rows(long out, long row, long stride, int storageBlocks, long records) {
    rows.call(out, row, stride, storageBlocks, records, constants);
  }

  /** Sixteen weight rows into a panel. */
  void pack(long panel, long row, long stride, int storageBlocks) {
    Routine code = pack;
    if (code == null) {
      throw notReady();
    }
    int half = EightRows.COUNT * Integer.BYTES;
    code.call(panel, row, stride, storageBlocks, 0, constants);
    code.call(panel + half, row + EightRows.COUNT * stride, stride, storageBlocks, 0, constants);
  }

  /**
   * A panel times {@code count} tokens: 16 floats a token, written or (if {@code add}) added to.
   *
   * @param call {@link TileKernel.Call#BYTES} of the calling thread's own, from {@link #call}
   * @param blocks blocks of 32 columns
   */
  void multiply(
      MemorySegment call,
      long panel,
      int blocks,
      long records,
      long recordStride,
      int count,
      long out,
      long outStride,
      boolean add) {
    set(call, TileKernel.Call.PANEL, panel);
    set(call, TileKernel.Call.BLOCKS, blocks);
    set(call, TileKernel.Call.X_STRIDE, recordStride);
    set(call, TileKernel.Call.OUT_STRIDE, outStride);
    set(call, TileKernel.Call.ADD, add ? 1 : 0);
    int whole = count / TileKernel.MAX_TOKENS;
    int rest = count % TileKernel.MAX_TOKENS;
    if (whole > 0) {
      tiles(call, TileKernel.MAX_TOKENS, whole, records, out);
    }
    if (rest > 0) {
      long done = count - rest;
      tiles(call, rest, 1, records + done * recordStride, out + done * outStride);
    }
  }

  private void tiles(MemorySegment call, int tokens, int count, long records, long out) {
    Routine code = tiles[tokens];
    if (code == null) {
      throw notReady();
    }
    set(call, TileKernel.Call.X, records);
    set(call, TileKernel.Call.OUT, out);
    set(call, TileKernel.Call.TILES, count);
    code.call(call.address());
  }

  /** Memory for {@link #multiply}'s numbers. */
  static MemorySegment call(Arena arena) {
    MemorySegment call = arena.allocate(TileKernel.Call.BYTES, 64);
    for (int i = 0; i < 16; i++) {
      call.set(ValueLayout.JAVA_SHORT, TileKernel.Call.ONES + 2L * i, (short) 1);
    }
    return call;
  }

  private static void set(MemorySegment call, int at, long value) {
    call.set(ValueLayout.JAVA_LONG, at, value);
  }

  private static IllegalStateException notReady() {
    return new IllegalStateException("ready() must come before the first call");
  }
}
