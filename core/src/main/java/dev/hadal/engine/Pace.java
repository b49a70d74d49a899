package dev.hadal.engine;

/**
 * How many tokens of prompts a step may take on while answers are written, so that these go on
 * evenly: as many as take about as long as the answers' own tokens, by what steps took lately.
 * Owned by the engine's thread.
 */
final class Pace {
  /** A step with prompts takes this much longer than one without, about. */
  private static final double SHARE = 1.2;

  /** Of a new measurement in the running mean. */
  private static final double NEW = 0.2;

  private static final int FIRST_GUESS = 32;
  private static final int FEWEST = 8; // prompts must come to an end, too

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
      decodeNanos[r] = mean(decodeNanos[r], (double) nanos);
    } else {
      double rest = Math.max(nanos - decodeNanos(rows), 0.1 * nanos);
      promptNanos = mean(promptNanos, rest / promptTokens);
    }
  }

  private static double mean(double before, double now) {
    return before == 0 ? now : before + NEW * (now - before);
  }
}
