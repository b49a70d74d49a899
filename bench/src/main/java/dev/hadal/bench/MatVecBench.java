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
 * Decoding's product: one token times an 8192 x 2048 matrix, eight matrices in turn so that they
 * come from memory. {@code readAlone} touches the same bytes and does nothing else: the limit.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class MatVecBench {
  private static final int INPUTS = 2048;
  private static final int OUTPUTS = 8192;

  @Param({"Q8_0", "Q4_0", "Q4_K", "Q6_K", "F16", "BF16", "F32"})
  public DType type;

  @Param({"simd"})
  public String backend;

  private Arena arena;
  private Backend opened;
  private Tensor[] matrices;
  private Tensor x;
  private Tensor out;
  private int next;

  @Setup
  public void open() {
    arena = Arena.ofShared();
    opened = Backends.named(backend);
    matrices = new Tensor[8];
    for (int i = 0; i < matrices.length; i++) {
      matrices[i] = RandomWeights.matrix(arena, type, i, OUTPUTS, INPUTS);
    }
    x = RandomWeights.activations(arena, 1, INPUTS);
    out = Tensor.allocate(arena, DType.F32, 1, OUTPUTS);
  }

  @TearDown
  public void close() {
    opened.close();
    arena.close();
  }

  @Benchmark
  public float matVec() {
    next = (next + 1) % matrices.length;
    opened.kernels().linear(out, x, matrices[next], null);
    return out.get(0);
  }

  /** One thread summing the matrix as 64-bit words. */
  @Benchmark
  public long readAlone() {
    next = (next + 1) % matrices.length;
    return RandomWeights.sum(matrices[next]);
  }
}
