package dev.hadal.backend.jit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hadal.backend.Backend;
import dev.hadal.backend.ExpertWeights;
import dev.hadal.backend.KernelsContract;
import dev.hadal.backend.Samples;
import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class JitContractTest extends KernelsContract {
  @Override
  protected Backend backend() {
    assumeTrue(new JitProvider().unavailable().isEmpty(), "machine code can run here");
    return new JitProvider().open(3);
  }

  /**
   * Activations are rounded to 8 bits (half a step of 127 is 0.4% of a block's largest), twice in a
   * row for experts.
   */
  @Override
  protected double tolerance(DType type) {
    return RowType.of(type) == null ? super.tolerance(type) : 0.02;
  }

  /** Every type that we have code for. */
  static Stream<DType> types() {
    return Arrays.stream(DType.values()).filter(type -> Recipe.of(type, Isa.AVX2) != null);
  }

  @ParameterizedTest
  @MethodSource("types")
  void aRowIsTheSameToTheLastBitWhateverStandsBesideIt(DType type) {
    Tensor w_OI = Samples.weights(type, 7, 75, 2048); // 75: a tail of rows
    Tensor x_TI = Samples.activations(8, 50, 2048);
    Tensor bias_O = Samples.activations(9, 75);
    try (Backend jit = backend()) {
      float[] together = linear(jit, x_TI, w_OI, bias_O);
      for (int[] chunk : new int[][] {{0, 1}, {1, 3}, {3, 6}, {6, 19}, {19, 50}}) {
        assertThat(linear(jit, x_TI.rows(chunk[0], chunk[1]), w_OI, bias_O))
            .as("rows %d to %d", chunk[0], chunk[1])
            .isEqualTo(Arrays.copyOfRange(together, chunk[0] * 75, chunk[1] * 75));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void expertsAreTheSameToTheLastBitWhateverStandsBesideThem(DType type) {
    int size = 512;
    ExpertWeights weights =
        new ExpertWeights(
            matrices(type, 10, size), matrices(type, 20, size), matrices(type, 30, size));
    Tensor x_TD = Samples.activations(4, 20, size);
    Tensor weight_Tk = Samples.activations(5, 20, 1);
    Tensor expert_Tk = Tensor.allocate(Arena.ofAuto(), DType.I32, 20, 1);
    for (int t = 0; t < 20; t++) {
      expert_Tk.setInt(t, t / 16); // sixteen tokens of one expert, four of the other
    }
    try (Backend jit = backend()) {
      Tensor together = Tensor.allocate(Arena.ofAuto(), DType.F32, 20, size);
      jit.kernels().experts(together, x_TD, expert_Tk, weight_Tk, weights);
      for (int t = 0; t < 20; t++) {
        Tensor alone = Tensor.allocate(Arena.ofAuto(), DType.F32, 1, size);
        jit.kernels()
            .experts(
                alone,
                x_TD.rows(t, t + 1),
                expert_Tk.rows(t, t + 1),
                weight_Tk.rows(t, t + 1),
                weights);
        assertThat(alone.toFloats())
            .as("token %d", t)
            .isEqualTo(together.rows(t, t + 1).toFloats());
      }
    }
  }

  private static List<Tensor> matrices(DType type, int seed, int size) {
    return List.of(
        Samples.weights(type, seed, size, size), Samples.weights(type, seed + 1, size, size));
  }

  private static float[] linear(Backend backend, Tensor x_TI, Tensor w_OI, Tensor bias_O) {
    Tensor out_TO = Tensor.allocate(Arena.ofAuto(), DType.F32, x_TI.rowCount(), w_OI.dim(0));
    backend.kernels().linear(out_TO, x_TI, w_OI, bias_O);
    return out_TO.toFloats();
  }
}
