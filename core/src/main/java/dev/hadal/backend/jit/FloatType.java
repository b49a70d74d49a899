package dev.hadal.backend.jit;

import static dev.hadal.backend.jit.Vec.ymm;

import dev.hadal.tensor.DType;
import org.jspecify.annotations.Nullable;

/**
 * Weights that are floats, times activations as they are, widened in registers.
 *
 * <p>Lanes are columns: a row's eight lanes each add every eighth product of {@link #panelColumns}
 * columns, then the lanes are summed and added to the output. Decoding and prefill do so alike.
 */
enum FloatType implements Recipe {
  F32(DType.F32) {
    @Override
    void widen(Assembler a, Vec to, Mem from) {
      a.vmovups(to, from);
    }
  },

  F16(DType.F16) {
    @Override
    void widen(Assembler a, Vec to, Mem from) {
      a.vcvtph2ps(to, from);
    }
  },

  BF16(DType.BF16) {
    @Override
    void widen(Assembler a, Vec to, Mem from) {
      a.vpmovzxwd(to, from);
      a.vpslld(to, to, 16); // a bfloat16 number is a float's upper half
    }
  };

  /** Columns of a step: the lanes of a register. */
  static final int STEP = 8;

  /** Rows that share the loads of activations, and whose lanes are summed together. */
  static final int QUAD = 4;

  /** Addresses so far apart share a place in the first cache. */
  private static final int CACHE_WAY = 4096;

  private final DType type;

  FloatType(DType type) {
    this.type = type;
  }

  /** Ours for a storage type and instruction set, or null. */
  static @Nullable FloatType of(DType type, Isa isa) {
    for (FloatType candidate : values()) {
      if (candidate.type == type && isa == Isa.AVX2) {
        return candidate;
      }
    }
    return null;
  }

  /** Eight numbers of a row as floats. */
  abstract void widen(Assembler a, Vec to, Mem from);

  /** Bytes of {@link #STEP} stored columns. */
  int stepBytes() {
    return STEP * type.blockBytes();
  }

  /**
   * The sums of the lanes of registers {@code first} to {@code first + 3}, into the four lanes of
   * xmm {@code first}.
   */
  static void sumLanes(Assembler a, int first) {
    Vec sum = ymm(first);
    Vec next = ymm(first + 1);
    a.vhaddps(sum, sum, next);
    a.vhaddps(ymm(first + 2), ymm(first + 2), ymm(first + 3));
    a.vhaddps(sum, sum, ymm(first + 2));
    a.vextracti128(next.low(), sum, 1);
    a.vaddps(sum.low(), sum.low(), next.low());
  }

  @Override
  public DType type() {
    return type;
  }

  @Override
  public Isa isa() {
    return Isa.AVX2;
  }

  @Override
  public int rowStep() {
    return STEP;
  }

  @Override
  public int packedStep() {
    return STEP;
  }

  @Override
  public int packedBytes() {
    return Panel.ROWS * FloatPackKernel.ROW;
  }

  @Override
  public int packedHalf() {
    return EightRows.COUNT * FloatPackKernel.ROW;
  }

  @Override
  public int recordBytes() {
    return STEP * Float.BYTES;
  }

  /** Rows' parts that meet a panel together lie side by side in the first cache. */
  @Override
  public long recordStride(long bytes) {
    int meet = panelColumns() * Float.BYTES;
    return bytes + Math.floorMod(meet - bytes, CACHE_WAY);
  }

  @Override
  public int maxTokens() {
    return FloatTileKernel.MAX_TOKENS;
  }

  @Override
  public int rowsAtOnce() {
    return QUAD;
  }

  @Override
  public int stripTokens() {
    return 1;
  }

  @Override
  public int many() {
    return 3;
  }

  @Override
  public double tolerance() {
    return 1e-5;
  }

  @Override
  public void activations(Assembler a) {
    FloatPackKernel.activations(a);
  }

  @Override
  public void rows(Assembler a) {
    FloatRowsKernel.emit(a, this);
  }

  @Override
  public void strip(Assembler a, int tokens) {
    throw new UnsupportedOperationException(this + " meets one token at a time");
  }

  @Override
  public void pack(Assembler a) {
    FloatPackKernel.weights(a, this);
  }

  @Override
  public void tile(Assembler a, int tokens) {
    FloatTileKernel.emit(a, tokens);
  }
}
