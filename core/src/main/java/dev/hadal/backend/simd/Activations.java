package dev.hadal.backend.simd;

import dev.hadal.backend.Rows;
import dev.hadal.tensor.DType;

/**
 * The inputs of a product, (count, inputs), laid out for the kernel that will read them.
 *
 * <ul>
 *   <li>One row: as it is, and, for types whose kernel wants it, in the order in which blocks are
 *       unpacked, with sums of groups beside it ({@link #prepare}).
 *   <li>A few rows: row-major.
 *   <li>Many: in tiles of {@link #TILE} rows, K_BLOCK inputs long, the rows of a tile side by side,
 *       so that one vector holds the same input of several rows. Missing rows are zeros.
 * </ul>
 */
final class Activations {
  /** Inputs taken at once: a tile of activations (16 KB at 256 bits) stays in the first cache. */
  static final int K_BLOCK = 256;

  /** Rows side by side: two vectors. */
  static final int TILE = 2 * Lanes.COUNT;

  /** From how many rows on the tiled form wins. */
  static final int MANY = Math.max(3, Lanes.COUNT * 3 / 4);

  private Rows rows;

  float[] values = new float[0];

  /** Where they begin in {@link #values}. */
  int base;

  int count;
  int inputs;

  /** The one row in unpacking order, see the types' kernels. */
  float[] permuted = new float[0];

  /** Sums of 16 or 32 numbers of the one row. */
  float[] sums = new float[0];

  Activations() {
    this(Rows.ANY);
  }

  /**
   * @param rows what decides how they are laid out, beside their number
   */
  Activations(Rows rows) {
    this.rows = rows;
  }

  /** From now on for rows of this kind. */
  Activations of(Rows kind) {
    rows = kind;
    return this;
  }

  /** Takes the shape; rows are then loaded tile by tile. */
  void shape(int count, int inputs) {
    int length = Math.multiplyExact(rowsHeld(count, rows), inputs);
    if (values.length < length) {
      values = new float[length];
    }
    shape(count, inputs, values, 0);
  }

  /** As {@link #shape(int, int)}, in a part of an array that others share. */
  void shape(int count, int inputs, float[] shared, int base) {
    this.count = count;
    this.inputs = inputs;
    this.values = shared;
    this.base = base;
  }

  /** Rows that {@code count} take in memory. */
  static int rowsHeld(int count, Rows rows) {
    return many(count, rows) ? (count + TILE - 1) / TILE * TILE : count;
  }

  boolean many() {
    return many(count, rows);
  }

  private static boolean many(int count, Rows rows) {
    return switch (rows) {
      case ANY -> count >= MANY;
      case PROMPT -> true;
      case ANSWER -> false;
    };
  }

  /** Whether there is one, for the types' own kernels. */
  boolean single() {
    return count == 1 && rows == Rows.ANY;
  }

  /** How many parts {@link #loadTile} takes. */
  int tiles() {
    return (count + TILE - 1) / TILE;
  }

  /** Rows rounded up to whole tiles: the stride of a chunk of outputs. */
  int padded() {
    return tiles() * TILE;
  }

  /** Where the inputs from {@code block * K_BLOCK} on of a tile begin; they are {@code length}. */
  int tileAt(int block, int tile, int length) {
    return base + block * K_BLOCK * padded() + tile * length * TILE;
  }

  /** Loads the rows of one tile; row t lies at {@code address + index(t) * strideBytes}. */
  void loadTile(int tile, long address, long strideBytes, int[] index, int indexAt) {
    int from = tile * TILE;
    for (int t = 0; t < TILE; t++) {
      int row = from + t;
      if (row < count) {
        long at = address + (index.length == 0 ? row : index[indexAt + row]) * strideBytes;
        if (many()) {
          spread(at, tile, t);
        } else {
          Memory.read(at, values, base + row * inputs, inputs);
        }
      } else if (many()) {
        clear(tile, t);
      }
    }
  }

  /** Loads all rows, which lie one after another in an array. */
  void loadArray(float[] rows, int at) {
    if (!many()) {
      System.arraycopy(rows, at, values, base, count * inputs);
      return;
    }
    for (int t = 0; t < padded(); t++) {
      int tile = t / TILE;
      for (int block = 0; block * K_BLOCK < inputs; block++) {
        int length = Math.min(K_BLOCK, inputs - block * K_BLOCK);
        int to = tileAt(block, tile, length) + t % TILE;
        int from = at + t * inputs + block * K_BLOCK;
        for (int i = 0; i < length; i++) {
          values[to + i * TILE] = t < count ? rows[from + i] : 0;
        }
      }
    }
  }

  private void spread(long address, int tile, int t) {
    for (int block = 0; block * K_BLOCK < inputs; block++) {
      int k = block * K_BLOCK;
      int length = Math.min(K_BLOCK, inputs - k);
      spread(address + 4L * k, values, tileAt(block, tile, length) + t, length);
    }
  }

  private static void spread(long from, float[] to, int at, int length) {
    for (int i = 0; i < length; i++) {
      to[at + i * TILE] = Memory.ALL.get(Memory.FLOAT, from + 4L * i);
    }
  }

  private void clear(int tile, int t) {
    for (int block = 0; block * K_BLOCK < inputs; block++) {
      int length = Math.min(K_BLOCK, inputs - block * K_BLOCK);
      int at = tileAt(block, tile, length) + t;
      for (int i = 0; i < length; i++) {
        values[at + i * TILE] = 0;
      }
    }
  }

  /**
   * Takes row {@code input} of what {@link Gemm#multiply} wrote as the same input of all rows here:
   * the outputs of one product become the inputs of the next without being moved about.
   */
  void putInput(int input, float[] c, int cAt) {
    if (!many()) {
      for (int t = 0; t < count; t++) {
        values[base + t * inputs + input] = c[cAt + t];
      }
      return;
    }
    int block = input / K_BLOCK;
    int length = Math.min(K_BLOCK, inputs - block * K_BLOCK);
    for (int tile = 0; tile < tiles(); tile++) {
      int to = tileAt(block, tile, length) + (input - block * K_BLOCK) * TILE;
      System.arraycopy(c, cAt + tile * TILE, values, to, TILE);
    }
  }

  /** Loads all rows on the calling thread. */
  void loadAll(long address, long strideBytes, int[] index, int indexAt) {
    for (int tile = 0; tile < tiles(); tile++) {
      loadTile(tile, address, strideBytes, index, indexAt);
    }
  }

  /** Makes what the kernel of {@code type} wants beside a single row. */
  void prepare(DType type) {
    if (!single()) {
      return;
    }
    switch (type) {
      case Q8_0 -> Q8_0Rows.prepare(this);
      case Q4_0 -> Q4_0Rows.prepare(this);
      case Q4_K -> Q4_KRows.prepare(this);
      case Q6_K -> Q6_KRows.prepare(this);
      default -> {}
    }
  }

  /** Room in {@link #permuted} for a row, and in {@link #sums} for one sum a group. */
  void room(int groupSize) {
    if (permuted.length < inputs) {
      permuted = new float[inputs];
    }
    if (sums.length < inputs / groupSize) {
      sums = new float[inputs / groupSize];
    }
  }
}
