package dev.hadal.backend.jit;

/**
 * How 16 rows of weights lie for the tile kernel, block of 32 columns after block: codes by step,
 * 16 rows each, then what turns sums into numbers.
 *
 * <pre>
 * codes    32 / depth steps of 16 x 4 bytes
 * groups   if the type scales 16 columns: 2 x 16 pairs of equal 16-bit scales
 * scale    16 floats
 * minimum  if the type has one: 16 floats
 * </pre>
 *
 * @param dot how the codes are multiplied
 * @param groupsOf16 whether whole-number scales of 16 columns stand between codes and scale
 * @param minimum whether a row's block has a minimum, by which the activations' sum is multiplied
 */
record Panel(Dot dot, boolean groupsOf16, boolean minimum) {
  /** Rows in a panel. */
  static final int ROWS = 16;

  /** Columns in a block. */
  static final int BLOCK = 32;

  private static final int VECTOR = ROWS * Integer.BYTES;

  int steps() {
    return BLOCK / dot.depth;
  }

  int groupsAt() {
    return steps() * VECTOR;
  }

  int scaleAt() {
    return groupsAt() + (groupsOf16 ? 2 * VECTOR : 0);
  }

  int minimumAt() {
    return scaleAt() + VECTOR;
  }

  int blockBytes() {
    return minimumAt() + (minimum ? VECTOR : 0);
  }

  // An activation record: 32 codes, then four numbers of 4 bytes.

  /** Where the sums of the two halves of a block start from: minus zero point times activations. */
  int startAt() {
    return BLOCK * dot.codeBytes;
  }

  int activationScaleAt() {
    return startAt() + 8;
  }

  /** Scale times the sum of the codes. */
  int activationSumAt() {
    return startAt() + 12;
  }

  int recordBytes() {
    return startAt() + 16;
  }
}
