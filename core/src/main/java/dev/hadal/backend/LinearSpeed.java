package dev.hadal.backend;

import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;
import java.lang.foreign.Arena;

/**
 * How fast a back end multiplies with weights on this machine: what prefill and decode of a model
 * can't be faster than. Each is measured in about a second, however slow the back end is.
 *
 * <p>Shapes: T tokens, I inputs, O outputs.
 */
public final class LinearSpeed {
  private static final int TOKENS = 256;
  private static final int INPUTS = 2048;
  private static final int OUTPUTS = 2048;

  /** Every type reads it as numbers of ordinary size; random bits would hold NaN and denormals. */
  private static final byte ORDINARY = 0x3c;

  /** The parts of the work that are tried before all of it: a slow back end never gets there. */
  private static final int[] PARTS = {64, 8, 1};

  /** A part is measured at least so long, and until all of the work would take a glance. */
  private static final double SECONDS = 0.15;

  private static final double LAST_SECONDS = 0.4;
  private static final double GLANCE_SECONDS = 0.1;

  /**
   * The JVM needs so long to make its best code of large kernels; what is slow then, stays slow.
   */
  private static final double WARM_UP_SECONDS = 1.5;

  private static final double PATIENCE_SECONDS = 1;

  private LinearSpeed() {}

  /** Multiply-adds a second of a prompt with a matrix of {@code type}; the best of several. */
  public static double prefillProductsPerSecond(Kernels kernels, DType type) {
    return productsPerSecond(kernels, type, TOKENS, OUTPUTS);
  }

  /**
   * Bytes of weights of {@code type} that one token reads a second; the best of several.
   *
   * @param bytes of the matrix: more than the caches hold
   */
  public static double decodeBytesPerSecond(Kernels kernels, DType type, long bytes) {
    int outputs = Math.toIntExact(Math.max(1, bytes / type.bytes(INPUTS)));
    return productsPerSecond(kernels, type, 1, outputs) * type.bytes(INPUTS) / INPUTS;
  }

  private static double productsPerSecond(Kernels kernels, DType type, int tokens, int outputs) {
    try (Arena arena = Arena.ofShared()) {
      Tensor x_TI = ordinary(arena, DType.F32, tokens, INPUTS);
      Tensor w_OI = ordinary(arena, type, outputs, INPUTS);
      Tensor out_TO = Tensor.allocate(arena, DType.F32, tokens, outputs);
      double all = (double) tokens * outputs * INPUTS;
      double rate = 0;
      for (int part : PARTS) {
        int rows = Math.max(1, tokens / part);
        int columns = Math.max(1, outputs / part);
        double products = (double) rows * columns * INPUTS;
        if (rate > 0 && products / rate > PATIENCE_SECONDS) {
          break;
        }
        Tensor out = Tensor.of(DType.F32, out_TO.data(), rows, columns);
        Tensor x = x_TI.rows(0, rows);
        Tensor w = w_OI.rows(0, columns);
        double best =
            bestSeconds(
                () -> kernels.linear(out, x, w, null),
                part == 1 ? LAST_SECONDS : SECONDS,
                GLANCE_SECONDS * products / all);
        rate = products / best;
      }
      return rate;
    }
  }

  private static Tensor ordinary(Arena arena, DType type, int rows, int columns) {
    Tensor tensor = Tensor.allocate(arena, type, rows, columns);
    tensor.data().fill(ORDINARY);
    return tensor;
  }

  /**
   * Works for {@code least} seconds, and then as long as it is slower than {@code hoped} and may
   * still be warming up.
   */
  private static double bestSeconds(Runnable work, double least, double hoped) {
    long began = System.nanoTime();
    long start = began;
    long best = Long.MAX_VALUE;
    double elapsed = 0;
    while (elapsed < least || (best > hoped * 1e9 && elapsed < WARM_UP_SECONDS)) {
      work.run();
      long end = System.nanoTime();
      best = Math.min(best, end - start);
      elapsed = (end - began) / 1e9;
      start = end;
    }
    return best / 1e9;
  }
}
