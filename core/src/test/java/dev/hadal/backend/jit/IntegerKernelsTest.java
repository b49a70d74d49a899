package dev.hadal.backend.jit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hadal.backend.Samples;
import dev.hadal.tensor.Tensor;
import dev.hadal.tensor.quant.Dequant;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kernel for quantised weights against plain loops over the same rounded activations. */
final class IntegerKernelsTest {
  private static final int COLUMNS = 1024;
  private static final int BLOCKS = COLUMNS / Panel.BLOCK;
  private static final int TOKENS = 17;

  private final ExecutableMemory memory = new ExecutableMemory();
  private final Arena arena = Arena.ofConfined();

  /** Every type with every instruction set; those that the processor lacks are emulated. */
  static Stream<Arguments> kinds() {
    return Arrays.stream(RowType.values())
        .flatMap(type -> Arrays.stream(Isa.values()).map(isa -> Arguments.of(type, isa)));
  }

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
  @MethodSource("kinds")
  void activationsAreRoundedToTheNearest(RowType type, Isa isa) {
    Tensor x_TI = activations();
    MemorySegment records = records(type, isa, x_TI);
    Panel panel = type.panel(isa);
    int most = panel.dot() == Dot.WORDS ? 32767 : 127;
    for (int b = 0; b < BLOCKS; b++) {
      float largest = 0;
      for (int i = 0; i < Panel.BLOCK; i++) {
        largest = Math.max(largest, Math.abs(x_TI.get((long) b * Panel.BLOCK + i)));
      }
      float scale = records.get(Tensor.FLOAT, at(panel, 0, b) + panel.activationScaleAt());
      assertThat(scale).isEqualTo(largest / most);
      float sum = 0;
      for (int i = 0; i < Panel.BLOCK; i++) {
        int code = code(panel, records, 0, b, i);
        float x = x_TI.get((long) b * Panel.BLOCK + i);
        assertThat(code * scale).isCloseTo(x, within(0.501f * scale + 1e-6f * Math.abs(x)));
        sum += code;
      }
      if (panel.dot() != Dot.WORDS) {
        assertThat(records.get(Tensor.FLOAT, at(panel, 0, b) + panel.activationSumAt()))
            .isEqualTo(sum * scale);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void rowsTimesOneToken(RowType type, Isa isa) {
    Tensor w_OI = Samples.weights(type.type(), 3, EightRows.COUNT, COLUMNS);
    MemorySegment records = records(type, isa, activations());
    TypeKernels kernels = kernels(type, isa);
    MemorySegment out = arena.allocate(4L * EightRows.COUNT, 64);
    for (int t = 0; t < TOKENS; t++) {
      oneToken(kernels, w_OI, 0, records, t, out);
      for (int o = 0; o < EightRows.COUNT; o++) {
        expect(type, isa, w_OI, o, records, t, out.get(Tensor.FLOAT, 4L * o));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void tilesAreTheSameToTheLastBit(RowType type, Isa isa) {
    Tensor w_OI = Samples.weights(type.type(), 4, Panel.ROWS, COLUMNS);
    MemorySegment records = records(type, isa, activations());
    TypeKernels kernels = kernels(type, isa);
    MemorySegment expected = arena.allocate(4L * EightRows.COUNT, 64);
    for (int count = 1; count <= TOKENS; count++) {
      float[][] out = multiply(type, isa, kernels, w_OI, records, count);
      for (int t = 0; t < count; t++) {
        for (int o = 0; o < Panel.ROWS; o++) {
          if (o % EightRows.COUNT == 0) {
            oneToken(kernels, w_OI, o, records, t, expected);
          }
          assertThat(out[t][o])
              .as("%s, %d tokens: token %d, row %d", type, count, t, o)
              .isEqualTo(expected.get(Tensor.FLOAT, 4L * (o % EightRows.COUNT)));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void stripsAreTheSameToTheLastBit(RowType type, Isa isa) {
    Tensor w_OI = Samples.weights(type.type(), 5, 2 * EightRows.COUNT, COLUMNS);
    MemorySegment records = records(type, isa, activations());
    TypeKernels kernels = kernels(type, isa);
    MemorySegment call = TypeKernels.call(arena);
    MemorySegment expected = arena.allocate(4L * EightRows.COUNT, 64);
    long stride = kernels.recordBytes(COLUMNS);
    for (int count = 1; count <= TOKENS; count++) {
      MemorySegment out = arena.allocate(4L * 10 * count, 64);
      kernels.readyStrips(count);
      kernels.strip(
          call,
          out.address(),
          4L * 10,
          w_OI.address(),
          w_OI.rowBytes(),
          COLUMNS,
          records.address(),
          stride,
          count);
      for (int t = 0; t < count; t++) {
        oneToken(kernels, w_OI, 0, records, t, expected);
        for (int o = 0; o < EightRows.COUNT; o++) {
          assertThat(out.get(Tensor.FLOAT, 4L * (10 * t + o)))
              .as("%s, %d tokens: token %d, row %d", type, count, t, o)
              .isEqualTo(expected.get(Tensor.FLOAT, 4L * o));
        }
      }
    }
  }

  /** In two goes of half the columns, so that adding to what is there is tried too. */
  private float[][] multiply(
      RowType type, Isa isa, TypeKernels kernels, Tensor w_OI, MemorySegment records, int count) {
    Panel panel = type.panel(isa);
    kernels.readyTiles(count);
    MemorySegment packed = arena.allocate((long) BLOCKS / 2 * panel.blockBytes(), 64);
    MemorySegment out = arena.allocate(4L * 20 * count, 64);
    MemorySegment call = TypeKernels.call(arena);
    for (int half = 0; half < 2; half++) {
      kernels.pack(
          packed.address(),
          w_OI.address() + half * w_OI.rowBytes() / 2,
          w_OI.rowBytes(),
          COLUMNS / 2,
          w_OI.address());
      kernels.multiply(
          call,
          packed.address(),
          COLUMNS / 2,
          records.address() + at(panel, 0, half * BLOCKS / 2),
          (long) BLOCKS * panel.recordBytes(),
          count,
          out.address(),
          4L * 20,
          half == 1);
    }
    float[][] values = new float[count][Panel.ROWS];
    for (int t = 0; t < count; t++) {
      for (int o = 0; o < Panel.ROWS; o++) {
        values[t][o] = out.get(Tensor.FLOAT, 4L * (20 * t + o));
      }
    }
    return values;
  }

  private static void oneToken(
      TypeKernels kernels, Tensor w_OI, int from, MemorySegment records, int t, MemorySegment out) {
    kernels.rows(
        out.address(),
        w_OI.address() + from * w_OI.rowBytes(),
        w_OI.rowBytes(),
        COLUMNS,
        records.address() + t * kernels.recordBytes(COLUMNS));
  }

  private static void expect(
      RowType type, Isa isa, Tensor w_OI, int o, MemorySegment records, int t, float actual) {
    float[] w_I = new float[COLUMNS];
    Dequant.decodeRow(w_OI, o, w_I);
    double sum = 0;
    double size = 0;
    for (int b = 0; b < BLOCKS; b++) {
      Panel panel = type.panel(isa);
      float scale = records.get(Tensor.FLOAT, at(panel, t, b) + panel.activationScaleAt());
      for (int i = 0; i < Panel.BLOCK; i++) {
        double product = (double) w_I[b * Panel.BLOCK + i] * code(panel, records, t, b, i) * scale;
        sum += product;
        size += Math.abs(product);
      }
    }
    assertThat((double) actual)
        .as("%s, token %d, row %d", type, t, o)
        .isCloseTo(sum, within(2e-6 * size));
  }

  private TypeKernels kernels(RowType type, Isa isa) {
    Supplier<Assembler> assembler =
        isa.availableOn(CpuFeatures.detect(memory))
            ? Assembler::new
            : () -> new Avx512InMemory(arena);
    return new TypeKernels(
        memory, new IntegerRecipe(type, isa), Constants.allocate(arena), assembler);
  }

  private Tensor activations() {
    Tensor x_TI = Samples.activations(1, TOKENS, COLUMNS);
    for (int i = 0; i < Panel.BLOCK; i++) {
      x_TI.set(2 * Panel.BLOCK + i, 0); // a block of zeros
    }
    x_TI.set(5, 1000); // and one that a single number rules
    return x_TI;
  }

  private MemorySegment records(RowType type, Isa isa, Tensor x_TI) {
    Panel panel = type.panel(isa);
    MemorySegment records = arena.allocate(at(panel, TOKENS, 0), 64);
    for (int t = 0; t < TOKENS; t++) {
      kernels(type, isa)
          .activations(
              x_TI.address() + t * x_TI.rowBytes(), records.address() + at(panel, t, 0), COLUMNS);
    }
    return records;
  }

  private static long at(Panel panel, int token, int block) {
    return ((long) token * BLOCKS + block) * panel.recordBytes();
  }

  private static int code(Panel panel, MemorySegment records, int t, int b, int i) {
    return panel.dot() == Dot.WORDS
        ? records.get(ValueLayout.JAVA_SHORT, at(panel, t, b) + 2L * i)
        : records.get(ValueLayout.JAVA_BYTE, at(panel, t, b) + i);
  }
}
