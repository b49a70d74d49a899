package dev.hadal.backend.jit;

import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;
import dev.hadal.tensor.quant.Dequant;
import dev.hadal.tensor.quant.Quants;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/**
 * A small product by fresh machine code and by plain Java loops: a processor on which the code was
 * never tried must not give wrong numbers silently.
 */
final class SelfTest {
  private static final int TOKENS = 29; // whole tiles and a rest
  private static final int FEW = 2;
  private static final int INPUTS = 512; // of floats, more than a panel

  private SelfTest() {}

  /** What is wrong, as a sentence for people; empty when nothing is. */
  static Optional<String> run(TypeKernels kernels) {
    try (Arena arena = Arena.ofConfined();
        Records records = new Records();
        Workspace workspace = new Workspace()) {
      Random random = new Random(1);
      Tensor x_TI = random(arena, random, TOKENS);
      Tensor w_OI = random(arena, random, Panel.ROWS);
      Tensor stored_OI = Tensor.allocate(arena, kernels.recipe().type(), Panel.ROWS, INPUTS);
      float[] weights = w_OI.toFloats();
      Quants.encode(stored_OI.dtype(), weights, 0, weights.length, stored_OI.data(), 0);
      records.shape(kernels, TOKENS, INPUTS);
      for (int t = 0; t < TOKENS; t++) {
        records.load(kernels, t, x_TI.address() + t * x_TI.rowBytes());
      }
      Matrix matrix = new Matrix(1).set(kernels, stored_OI);
      MemorySegment out = arena.allocate(4L * TOKENS * Panel.ROWS, 64);
      long stride = 4L * Panel.ROWS;
      for (int count : new int[] {TOKENS, FEW, 1}) {
        kernels.ready(count);
        for (int unit = 0; unit < matrix.units(count); unit++) {
          matrix.multiply(unit, records, 0, count, out.address(), stride, workspace);
        }
        double error = error(out, x_TI, stored_OI, count);
        if (!(error < kernels.recipe().tolerance())) {
          return Optional.of(
              String.format(
                  Locale.ROOT,
                  "machine code for %s with %s gives wrong numbers on this processor (off by %.1e"
                      + " of their size with %d tokens), so something slower does this type; please"
                      + " report it with the output of 'hadal doctor'",
                  stored_OI.dtype(),
                  kernels.recipe().isa(),
                  error,
                  count));
        }
      }
      return Optional.empty();
    }
  }

  private static Tensor random(Arena arena, Random random, int rows) {
    Tensor tensor = Tensor.allocate(arena, DType.F32, rows, INPUTS);
    for (long i = 0; i < tensor.size(); i++) {
      tensor.set(i, (float) random.nextGaussian());
    }
    return tensor;
  }

  /** The largest difference, as a share of the root mean square of the outputs' terms. */
  private static double error(MemorySegment out, Tensor x_TI, Tensor w_OI, int count) {
    double largest = 0;
    float[] w_I = new float[INPUTS];
    for (int o = 0; o < Panel.ROWS; o++) {
      Dequant.decodeRow(w_OI, o, w_I);
      for (int t = 0; t < count; t++) {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < INPUTS; i++) {
          double product = (double) w_I[i] * x_TI.get((long) t * INPUTS + i);
          sum += product;
          squares += product * product;
        }
        double actual = out.get(Tensor.FLOAT, 4L * (t * Panel.ROWS + o));
        double error = Math.abs(actual - sum) / Math.sqrt(squares);
        largest = error <= largest ? largest : error; // NaN stays
      }
    }
    return largest;
  }
}
