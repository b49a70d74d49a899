package dev.hadal.bench;

import dev.hadal.backend.Backend;
import dev.hadal.backend.Backends;
import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Prefill's product: T tokens times a 2048 x 2048 matrix, 8.4 MFLOP a token. Divide by the time for
 * GFLOPS; the limit is cores x clock x lanes x 4.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class GemmBench {
  private static final int SIZE = 2048;

  @Param({"Q8_0", "Q4_K", "F16"})
  public DType type;

  @Param({"8", "64", "512"})
  public int tokens;

  @Param({"simd"})
  public String backend;

  private Arena arena;
  private Backend opened;
  private Tensor matrix;
  private Tensor x;
  private Tensor out;

  @Setup
  public void open() {
    arena = Arena.ofShared();
    opened = Backends.named(backend);
    matrix = RandomWeights.matrix(arena, type, 1, SIZE, SIZE);
    x = RandomWeights.activations(arena, tokens, SIZE);
    out = Tensor.allocate(arena, DType.F32, tokens, SIZE);
  }

  @TearDown
  public void close() {
    opened.close();
    arena.close();
  }

  @Benchmark
  public float linear() {
    opened.kernels().linear(out, x, matrix, null);
    return out.get(0);
  }
}
