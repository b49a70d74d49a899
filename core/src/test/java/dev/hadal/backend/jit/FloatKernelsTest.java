package dev.hadal.backend.jit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hadal.backend.Samples;
import dev.hadal.tensor.Tensor;
import dev.hadal.tensor.quant.Dequant;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each kernel for float weights against a plain loop, to the last bit. */
final class FloatKernelsTest {
  private static final int TOKENS = 14;

  private final ExecutableMemory memory = new ExecutableMemory();
  private final Arena arena = Arena.ofConfined();

  @BeforeEach
  void onlyWhereItCanRun() {
    assumeTrue(ExecutableMemory.unavailable().isEmpty(), "machine code can run here");
    assumeTrue(CpuFeatures.detect(memory).avx2(), "the processor has AVX2");
  }

  @AfterEach
  void close() {
    memory.close();
    arena.close();
  }

  @ParameterizedTest
  @EnumSource(FloatType.class)
  void rowsAndTilesAddInTheSameOrder(FloatType type) {
    TypeKernels kernels = new TypeKernels(memory, type, Constants.allocate(arena));
    kernels.ready(TOKENS);
    for (int columns : new int[] {8, 16, 344, 1000}) { // 1000: several panels
      Tensor w_OI = Samples.weights(type.type(), columns, 37, columns);
      Tensor x_TI = Samples.activations(columns + 1, TOKENS, columns);
      float[][] expected = expected(w_OI, x_TI, type.panelColumns());
      for (int count = 1; count <= TOKENS; count++) {
        kernels.ready(count);
        assertThat(multiply(kernels, w_OI, x_TI, count))
            .as("%s, %d columns, %d tokens", type, columns, count)
            .isEqualTo(Arrays.copyOf(expected, count));
      }
    }
  }

  private float[][] multiply(TypeKernels kernels, Tensor w_OI, Tensor x_TI, int count) {
    int outputs = w_OI.dim(0);
    MemorySegment out = arena.allocate(4L * count * outputs, 64);
    try (Records records = new Records();
        Workspace workspace = new Workspace()) {
      records.shape(kernels, count, x_TI.dim(1));
      for (int t = 0; t < count; t++) {
        records.load(kernels, t, x_TI.address() + t * x_TI.rowBytes());
      }
      Matrix matrix = new Matrix(1).set(kernels, w_OI);
      for (int unit = 0; unit < matrix.units(count); unit++) {
        matrix.multiply(unit, records, 0, count, out.address(), 4L * outputs, workspace);
      }
    }
    float[][] values = new float[count][outputs];
    for (int t = 0; t < count; t++) {
      for (int o = 0; o < outputs; o++) {
        values[t][o] = out.get(Tensor.FLOAT, 4L * (t * outputs + o));
      }
    }
    return values;
  }

  private static float[][] expected(Tensor w_OI, Tensor x_TI, int panel) {
    float[][] sums = new float[TOKENS][w_OI.dim(0)];
    float[] w_I = new float[w_OI.dim(1)];
    for (int o = 0; o < w_OI.dim(0); o++) {
      Dequant.decodeRow(w_OI, o, w_I);
      for (int t = 0; t < TOKENS; t++) {
        for (int from = 0; from < w_I.length; from += panel) {
          sums[t][o] += sum(w_I, x_TI, t, from, Math.min(w_I.length, from + panel));
        }
      }
    }
    return sums;
  }

  /** Eight lanes, then their sum as a tree. */
  private static float sum(float[] w_I, Tensor x_TI, int t, int from, int to) {
    float[] lanes = new float[FloatType.STEP];
    for (int i = from; i < to; i++) {
      int lane = i % FloatType.STEP;
      lanes[lane] = Math.fma(w_I[i], x_TI.get((long) t * w_I.length + i), lanes[lane]);
    }
    return lanes[0]
        + lanes[1]
        + (lanes[2] + lanes[3])
        + (lanes[4] + lanes[5] + (lanes[6] + lanes[7]));
  }
}
