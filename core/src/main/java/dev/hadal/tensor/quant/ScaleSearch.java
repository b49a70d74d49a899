package dev.hadal.tensor.quant;

/**
 * Searches for the scales of a group of numbers: try a few grids, fit each by weighted least
 * squares, keep the best.
 *
 * <p>The same candidates and weights as llama.cpp's reference quantisation ({@code make_qx_quants},
 * {@code make_qkx2_quants}, {@code make_q3_quants} in {@code ggml-quants.c}), so that files written
 * here lose no more than files written there. One object a thread: it holds the scratch levels.
 */
final class ScaleSearch {
  private static final float NOTHING = 1e-15f;

  private final int[] levels = new int[32];
  private final int[] bestLevels = new int[32];

  /** The minimum that {@link #affine} found, as the positive number that blocks subtract. */
  float min;

  /** How {@link #affine} tries grids: steps from {@code first} on, and what error it weighs. */
  record Affine(int maxLevel, float first, float step, int steps, boolean absoluteError) {}

  /**
   * The scale s of x = s l - m with levels 0 to {@code maxLevel} and m &gt;= 0, which is left in
   * {@link #min}.
   */
  float affine(float[] x, int from, float[] weights, int n, Affine how) {
    float low = x[from];
    float high = x[from];
    float sumW = 0;
    float sumX = 0;
    for (int i = 0; i < n; i++) {
      low = Math.min(low, x[from + i]);
      high = Math.max(high, x[from + i]);
      sumW += weights[i];
      sumX += weights[i] * x[from + i];
    }
    low = Math.min(low, 0);
    if (high == low) {
      min = -low;
      return 0;
    }
    float range = high - low;
    float scale = range / how.maxLevel;
    float shift = low;
    assign(x, from, n, how.maxLevel / range, low, how.maxLevel);
    float bestError = error(x, from, weights, n, scale, shift, how.absoluteError);
    for (int t = 0; t <= how.steps; t++) {
      assign(x, from, n, (how.first + how.step * t + how.maxLevel) / range, low, how.maxLevel);
      float sumL = 0;
      float sumL2 = 0;
      float sumXL = 0;
      for (int i = 0; i < n; i++) {
        float wl = weights[i] * levels[i];
        sumL += wl;
        sumL2 += wl * levels[i];
        sumXL += wl * x[from + i];
      }
      float determinant = sumW * sumL2 - sumL * sumL;
      if (determinant > 0) {
        float tryScale = (sumW * sumXL - sumX * sumL) / determinant;
        float tryShift = (sumL2 * sumX - sumL * sumXL) / determinant;
        if (tryShift > 0) {
          tryShift = 0;
          tryScale = sumXL / sumL2;
        }
        float error = error(x, from, weights, n, tryScale, tryShift, how.absoluteError);
        if (error < bestError) {
          bestError = error;
          scale = tryScale;
          shift = tryShift;
        }
      }
    }
    min = -shift;
    return scale;
  }

  private void assign(float[] x, int from, int n, float inverse, float low, int maxLevel) {
    for (int i = 0; i < n; i++) {
      levels[i] = Bits.nearest(inverse * (x[from + i] - low), 0, maxLevel);
    }
  }

  private float error(
      float[] x, int from, float[] w, int n, float scale, float shift, boolean absolute) {
    float error = 0;
    for (int i = 0; i < n; i++) {
      float diff = scale * levels[i] + shift - x[from + i];
      error += w[i] * (absolute ? Math.abs(diff) : diff * diff);
    }
    return error;
  }

  /**
   * The scale s of x = s l with levels -{@code half} to {@code half} - 1, numbers weighted by their
   * squares. It carries the sign that puts the largest number on -{@code half}.
   */
  float symmetric(float[] x, int from, int n, int half) {
    float extreme = extreme(x, from, n);
    if (Math.abs(extreme) < NOTHING) {
      return 0;
    }
    float best = 0;
    float bestGain = -1;
    for (int t = 0; t < 19; t++) {
      int tenths = t == 0 ? 0 : t <= 9 ? t - 10 : t - 9; // 0 first: it wins ties
      float inverse = -(half + 0.1f * tenths) / extreme;
      float dot = 0;
      float square = 0;
      for (int i = 0; i < n; i++) {
        float v = x[from + i];
        int level = Bits.nearest(inverse * v, -half, half - 1);
        dot += v * v * v * level;
        square += v * v * level * level;
      }
      if (square > 0 && dot * dot > bestGain * square) {
        best = dot / square;
        bestGain = dot * best;
      }
    }
    return best;
  }

  /**
   * As {@link #symmetric}, but from one grid whose levels are then moved one at a time as long as
   * that helps: for so few levels (3 bits) better than trying grids.
   */
  float symmetricByMoves(float[] x, int from, int n, int half) {
    float extreme = extreme(x, from, n);
    if (Math.abs(extreme) < NOTHING) {
      return 0;
    }
    float inverse = -half / extreme;
    float dot = 0;
    float square = 0;
    for (int i = 0; i < n; i++) {
      float v = x[from + i];
      bestLevels[i] = Bits.nearest(inverse * v, -half, half - 1);
      dot += v * v * v * bestLevels[i];
      square += v * v * bestLevels[i] * bestLevels[i];
    }
    boolean moved = true;
    for (int round = 0; round < 5 && moved; round++) {
      moved = false;
      for (int i = 0; i < n; i++) {
        float v = x[from + i];
        float w = v * v;
        float dotWithout = dot - w * v * bestLevels[i];
        float squareWithout = square - w * bestLevels[i] * bestLevels[i];
        if (dotWithout > 0) {
          int level = Bits.nearest(v * squareWithout / dotWithout, -half, half - 1);
          float newDot = dotWithout + w * v * level;
          float newSquare = squareWithout + w * level * level;
          if (level != bestLevels[i]
              && newSquare > 0
              && newDot * newDot * square > dot * dot * newSquare) {
            bestLevels[i] = level;
            dot = newDot;
            square = newSquare;
            moved = true;
          }
        }
      }
    }
    return square > 0 ? dot / square : 0;
  }

  private static float extreme(float[] x, int from, int n) {
    float extreme = 0;
    for (int i = 0; i < n; i++) {
      extreme = Math.abs(x[from + i]) > Math.abs(extreme) ? x[from + i] : extreme;
    }
    return extreme;
  }
}
