package dev.hadal.backend.jit;

import dev.hadal.tensor.DType;
import org.jspecify.annotations.Nullable;

/**
 * How one storage type is multiplied on one instruction set: the code that does it, and how much
 * room its numbers take. {@link TypeKernels} makes the code callable.
 *
 * <p>Code counts columns in steps. Whatever code is used, and however many rows and tokens stand
 * side by side, an output's terms are added in the same order.
 */
interface Recipe {
  /** The recipe for {@code type}, or null where there is none. */
  static @Nullable Recipe of(DType type, Isa isa) {
    RowType rows = RowType.of(type);
    return rows != null ? new IntegerRecipe(rows, isa) : FloatType.of(type, isa);
  }

  DType type();

  Isa isa();

  /** Columns of a step of the code that reads weights as they are stored. */
  int rowStep();

  /** Columns of a step of the code that reads activations or packed weights. */
  int packedStep();

  /** Bytes that {@link #packedStep} columns of {@link Panel#ROWS} packed rows take. */
  int packedBytes();

  /** Where in a panel its second eight rows begin. */
  int packedHalf();

  /** Bytes that {@link #packedStep} columns of prepared activations take. */
  int recordBytes();

  /** Columns of a panel: as many as {@link Workspace#PANEL_BYTES} hold, in whole row steps. */
  default int panelColumns() {
    return Workspace.PANEL_BYTES / packedBytes() / 8 * 8 * packedStep();
  }

  /**
   * From one token's prepared activations to the next one's.
   *
   * @param bytes what they take
   */
  default long recordStride(long bytes) {
    return bytes;
  }

  /** Most tokens of a tile. */
  int maxTokens();

  /** Rows that {@link #rows} takes at once. */
  int rowsAtOnce();

  /** Most tokens that {@link #strip} takes at once; 1 where there is only {@link #rows}. */
  int stripTokens();

  /** From so many tokens on, packing weights costs less than reading them as they are stored. */
  int many();

  /** How far an output may be off, as a share of the root mean square of its terms. */
  double tolerance();

  /** A row of floats to prepared activations. Arguments: floats, records, packed steps. */
  void activations(Assembler a);

  /**
   * Rows times one token. Arguments: outputs, first row's address, bytes from row to row, row
   * steps, records, constants.
   */
  void rows(Assembler a);

  /** {@link #rowsAtOnce} rows times {@code tokens} tokens. Arguments: see {@link StripKernel}. */
  void strip(Assembler a, int tokens);

  /**
   * Eight rows to half a panel. Arguments: panel half, first row's address, bytes from row to row,
   * row steps, what may be fetched for later (as many bytes as are read), constants.
   */
  void pack(Assembler a);

  /** A panel times tiles of {@code tokens} tokens. Argument: a {@link TileKernel.Call}. */
  void tile(Assembler a, int tokens);
}
