package dev.hadal.engine;

/**
 * How many tokens of prompts a step may take on while answers are written, so that these go on
 * evenly: as many as take about as long as the answers' own tokens, by what steps took lately.
 * Owned by the engine's thread.
 */
final class Pace {
  /** A step with prompts takes this much longer than one without, about. */
  private static final double SHARE = 0.8;

  // Means lean to the careful side: answers count as short, prompts as long.
  private static final double QUICK = 0.3;
  private static final double SLOW = 0.05;

  private static final int FIRST_GUESS = 16;
  private static final int FEWEST = 4; // prompts must come to an end, too

  private final double[] decodeNanos; // by rows of answers; 0: not measured yet
  private double promptNanos; // of a token

  /**
   * @param mostRows rows of answers that a step may have
   */
  Pace(int mostRows) {
    decodeNanos = new double[mostRows + 1];
  }

  /** Tokens of prompts for a step with {@code rows} rows of answers. */
  int promptTokens(int rows) {
    double decode = decodeNanos(rows);
    if (decode == 0 || promptNanos == 0) {
      return FIRST_GUESS;
    }
    return (int) Math.clamp(SHARE * decode / promptNanos, FEWEST, Integer.MAX_VALUE);
  }

  /** What a step with answers alone takes: of as many rows, or of the next fewer ones known. */
  private double decodeNanos(int rows) {
    for (int r = Math.min(rows, decodeNanos.length - 1); r > 0; r--) {
      if (decodeNanos[r] != 0) {
        return decodeNanos[r];
      }
    }
    return 0;
  }

  /** Learns from a step. */
  void measured(int rows, int promptTokens, long nanos) {
    if (rows + promptTokens == 0) {
      return;
    }
    if (promptTokens == 0) {
      int r = Math.min(rows, decodeNanos.length - 1);
      double before = decodeNanos[r];
      decodeNanos[r] = mean(before, (double) nanos, nanos < before ? QUICK : SLOW);
    } else {
      double rest = Math.max(nanos - decodeNanos(rows), 0.1 * nanos);
      double each = rest / promptTokens;
      promptNanos = mean(promptNanos, each, each > promptNanos ? QUICK : SLOW);
    }
  }

  private static double mean(double before, double now, double share) {
    return before == 0 ? now : before + share * (now - before);
  }
}
