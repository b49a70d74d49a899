package dev.hadal.backend.jit;

import dev.hadal.tensor.DType;
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
  private final Recipe recipe;
  private final Supplier<Assembler> assembler;
  private final long constants;
  private final @Nullable Routine[] tiles;
  private final @Nullable Routine[] strips;
  private final Routine activations;
  private final Routine rows;
  private @Nullable Routine pack;

  TypeKernels(ExecutableMemory memory, Recipe recipe, MemorySegment constants) {
    this(memory, recipe, constants, Assembler::new);
  }

  /** As above, by another assembler: tests run AVX-512 code where there is none. */
  TypeKernels(
      ExecutableMemory memory,
      Recipe recipe,
      MemorySegment constants,
      Supplier<Assembler> assembler) {
    this.assembler = assembler;
    this.memory = memory;
    this.recipe = recipe;
    tiles = new Routine[recipe.maxTokens() + 1];
    strips = new Routine[recipe.stripTokens() + 1];
    this.constants = constants.address();
    activations = Routine.of(memory, assembler.get(), recipe::activations);
    rows = Routine.of(memory, assembler.get(), recipe::rows);
  }

  Recipe recipe() {
    return recipe;
  }

  /** Bytes that {@code columns} columns of prepared activations take. */
  long recordBytes(int columns) {
    return (long) columns / recipe.packedStep() * recipe.recordBytes();
  }

  /** Bytes that {@code columns} columns of a weight row take. */
  long storedBytes(int columns) {
    DType type = recipe.type();
    return (long) columns / type.blockSize() * type.blockBytes();
  }

  /** Assembles what {@code count} tokens need beyond the kernels for one. */
  void ready(int count) {
    if (count < recipe.many()) {
      readyStrips(count);
    } else {
      readyTiles(count);
    }
  }

  /** Assembles what {@link #strip} needs for {@code count} tokens. */
  void readyStrips(int count) {
    int goes = goes(count);
    for (int tokens = count / goes; tokens <= Math.ceilDiv(count, goes); tokens++) {
      if (tokens > 1 && strips[tokens] == null) {
        int some = tokens;
        strips[tokens] = Routine.of(memory, assembler.get(), a -> recipe.strip(a, some));
      }
    }
  }

  /** Assembles what {@link #pack} and {@link #multiply} need for {@code count} tokens. */
  void readyTiles(int count) {
    if (pack == null) {
      pack = Routine.of(memory, assembler.get(), recipe::pack);
    }
    int maxTokens = recipe.maxTokens();
    if (count >= maxTokens) {
      tile(maxTokens);
    }
    tile(count % maxTokens);
  }

  private void tile(int tokens) {
    if (tokens > 0 && tiles[tokens] == null) {
      tiles[tokens] = Routine.of(memory, assembler.get(), a -> recipe.tile(a, tokens));
    }
  }

  /** In how many goes a strip meets {@code count} tokens, as many in each as can be. */
  private int goes(int count) {
    return Math.ceilDiv(count, recipe.stripTokens());
  }

  /** Prepares the floats of one token. */
  void activations(long x, long records, int columns) {
    activations.call(x, records, columns / recipe.packedStep(), 0, 0, constants);
  }

  /** {@link Recipe#rowsAtOnce} weight rows times one token, into as many floats. */
  void rows(long out, long row, long stride, int columns, long records) {
    rows.call(out, row, stride, columns / recipe.rowStep(), records, constants);
  }

  /**
   * {@link Recipe#rowsAtOnce} weight rows times {@code count} tokens.
   *
   * @param call as in {@link #multiply}
   */
  void strip(
      MemorySegment call,
      long out,
      long outStride,
      long row,
      long stride,
      int columns,
      long records,
      long recordStride,
      int count) {
    int goes = goes(count);
    int done = 0;
    for (int go = 0; go < goes; go++) {
      int tokens = (count - done) / (goes - go);
      long to = out + done * outStride;
      long x = records + done * recordStride;
      done += tokens;
      if (tokens == 1) {
        rows(to, row, stride, columns, x);
        continue;
      }
      Routine code = strips[tokens];
      if (code == null) {
        throw notReady();
      }
      set(call, StripKernel.Call.OUT, to);
      set(call, StripKernel.Call.OUT_STRIDE, outStride);
      set(call, StripKernel.Call.X_STRIDE, recordStride);
      code.call(call.address(), row, stride, columns / recipe.rowStep(), x, constants);
    }
  }

  /**
   * Sixteen weight rows into a panel.
   *
   * @param ahead from where as many bytes are fetched for later
   */
  void pack(long packed, long row, long stride, int columns, long ahead) {
    Routine code = pack;
    if (code == null) {
      throw notReady();
    }
    int half = recipe.packedHalf();
    int steps = columns / recipe.rowStep();
    long behind = ahead + EightRows.COUNT * storedBytes(columns);
    code.call(packed, row, stride, steps, ahead, constants);
    code.call(packed + half, row + EightRows.COUNT * stride, stride, steps, behind, constants);
  }

  /**
   * A panel times {@code count} tokens: 16 floats a token, written or (if {@code add}) added to.
   *
   * @param packed the panel, as {@link #pack} made it
   * @param call {@link TileKernel.Call#BYTES} of the calling thread's own, from {@link #call}
   */
  void multiply(
      MemorySegment call,
      long packed,
      int columns,
      long records,
      long recordStride,
      int count,
      long out,
      long outStride,
      boolean add) {
    set(call, TileKernel.Call.PANEL, packed);
    set(call, TileKernel.Call.STEPS, columns / recipe.packedStep());
    set(call, TileKernel.Call.X_STRIDE, recordStride);
    set(call, TileKernel.Call.OUT_STRIDE, outStride);
    set(call, TileKernel.Call.ADD, add ? 1 : 0);
    int maxTokens = recipe.maxTokens();
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
