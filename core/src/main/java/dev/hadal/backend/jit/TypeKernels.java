package dev.hadal.backend.jit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The machine code for one storage type, assembled when it is first asked for. Addresses are
 * trusted. Safe from any thread once the code it calls exists: {@link #ready} makes it exist.
 */
final class TypeKernels {
  private final ExecutableMemory memory;
  private final RowType type;
  private final Isa isa;
  private final Panel panel;
  private final int maxTokens;
  private final Supplier<Assembler> assembler;
  private final long constants;
  private final @Nullable Routine[] tiles;
  private final Routine activations;
  private final Routine rows;
  private @Nullable Routine pack;

  TypeKernels(ExecutableMemory memory, RowType type, Isa isa, MemorySegment constants) {
    this(memory, type, isa, constants, Assembler::new);
  }

  /** As above, by another assembler: tests run AVX-512 code where there is none. */
  TypeKernels(
      ExecutableMemory memory,
      RowType type,
      Isa isa,
      MemorySegment constants,
      Supplier<Assembler> assembler) {
    this.assembler = assembler;
    this.memory = memory;
    this.type = type;
    this.isa = isa;
    panel = type.panel(isa);
    maxTokens = isa == Isa.AVX512_VNNI ? WideTileKernel.maxTokens(panel) : TileKernel.MAX_TOKENS;
    tiles = new Routine[maxTokens + 1];
    this.constants = constants.address();
    activations = Routine.of(memory, assembler.get(), a -> ActivationKernel.emit(a, type, isa));
    rows = Routine.of(memory, assembler.get(), a -> RowsKernel.emit(a, type, isa));
  }

  RowType type() {
    return type;
  }

  Isa isa() {
    return isa;
  }

  Panel panel() {
    return panel;
  }

  /** Assembles what {@code count} tokens need beyond the kernels for one. */
  void ready(int count) {
    if (pack == null) {
      pack = Routine.of(memory, assembler.get(), a -> PackKernel.emit(a, type, isa));
    }
    if (count >= maxTokens) {
      ready(tiles, maxTokens);
    }
    if (count % maxTokens != 0) {
      ready(tiles, count % maxTokens);
    }
  }

  private void ready(@Nullable Routine[] tiles, int tokens) {
    if (tiles[tokens] == null) {
      tiles[tokens] = Routine.of(memory, assembler.get(), a -> tile(a, tokens));
    }
  }

  private void tile(Assembler a, int tokens) {
    if (isa == Isa.AVX512_VNNI) {
      WideTileKernel.emit(a, panel, tokens);
    } else {
      TileKernel.emit(a, panel, tokens);
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
  void pack(long packed, long row, long stride, int storageBlocks) {
    Routine code = pack;
    if (code == null) {
      throw notReady();
    }
    int half = EightRows.COUNT * Integer.BYTES;
    code.call(packed, row, stride, storageBlocks, 0, constants);
    code.call(packed + half, row + EightRows.COUNT * stride, stride, storageBlocks, 0, constants);
  }

  /**
   * A panel times {@code count} tokens: 16 floats a token, written or (if {@code add}) added to.
   *
   * @param packed the panel, as {@link #pack} made it
   * @param call {@link TileKernel.Call#BYTES} of the calling thread's own, from {@link #call}
   * @param blocks blocks of 32 columns
   */
  void multiply(
      MemorySegment call,
      long packed,
      int blocks,
      long records,
      long recordStride,
      int count,
      long out,
      long outStride,
      boolean add) {
    set(call, TileKernel.Call.PANEL, packed);
    set(call, TileKernel.Call.BLOCKS, blocks);
    set(call, TileKernel.Call.X_STRIDE, recordStride);
    set(call, TileKernel.Call.OUT_STRIDE, outStride);
    set(call, TileKernel.Call.ADD, add ? 1 : 0);
    int whole = count / maxTokens;
    int rest = count % maxTokens;
    if (whole > 0) {
      tiles(call, maxTokens, whole, records, out);
    }
    if (rest > 0) {
      int done = count - rest;
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
