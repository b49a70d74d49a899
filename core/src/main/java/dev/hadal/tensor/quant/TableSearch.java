package dev.hadal.tensor.quant;

/** Finds the scale under which 32 numbers fall nearest to the levels of a table. */
final class TableSearch {
  private static final int BLOCK = 32;
  private static final int TRIES = 7;

  private TableSearch() {}

  /**
   * The scale of least squared error among those that put the largest number on or near the table's
   * first level, each refined by least squares; 0 for a block of zeros.
   */
  static float bestScale(float[] x, int from, int[] table) {
    float extreme = 0;
    for (int j = 0; j < BLOCK; j++) {
      extreme = Math.abs(x[from + j]) > Math.abs(extreme) ? x[from + j] : extreme;
    }
    if (Math.abs(extreme) < 1e-15f) {
      return 0;
    }
    float best = 0;
    float bestGain = 0;
    for (int t = -TRIES; t <= TRIES; t++) {
      float scale = extreme / (table[0] + t);
      float dot = 0; // sum of x times level: with the sum of squared levels it gives both
      float square = 0; // the best scale, dot / square, and how much error it removes
      for (int j = 0; j < BLOCK; j++) {
        int level = table[nearest(x[from + j], scale, table)];
        dot += x[from + j] * level;
        square += level * level;
      }
      if (square > 0 && dot * dot > bestGain * square) {
        best = dot / square;
        bestGain = dot * best;
      }
    }
    return best;
  }

  /** The index of the level nearest to {@code x / d}; the first of equals. */
  static int nearest(float x, float d, int[] table) {
    int best = 0;
    float bestError = Float.POSITIVE_INFINITY;
    for (int i = 0; i < table.length; i++) {
      float error = Math.abs(d * table[i] - x);
      if (error < bestError) {
        best = i;
        bestError = error;
      }
    }
    return best;
  }
}
