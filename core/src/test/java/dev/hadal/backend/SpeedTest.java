package dev.hadal.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Kernels beside plain loops of the same JVM, on one thread: a kernel that lost its inlining is
 * five to fifty times slower, and this notices.
 *
 * <p>Floors are about a third of what was measured on a quiet Zen 3 with AVX2. Both sides count
 * with their best of many short turns, taken in turn, so that what else runs on the machine takes
 * from both; a side may warm up as long as it needs, within reason.
 *
 * <p>Shapes: T tokens, I inputs, O outputs, H query heads, K key/value heads, d head size.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SpeedTest {
  private static final int INPUTS = 1024;
  private static final double PATIENCE_SECONDS = 8;
  private static final long TURN_NANOS = 1_000_000;
  private static final long WARM_UP_NANOS = 500_000_000;
  private static final int LEAST_TURNS = 20;

  private final Turns multiplying = new Turns(PlainTile::multiply);

  @ParameterizedTest
  @CsvSource({"simd, 0.2", "jit, 0.3"})
  void decodeReadsMemory(String name, double floor, TestReporter reporter) {
    int outputs = 1 << 18;
    try (Arena arena = Arena.ofShared();
        Backend backend = open(name)) {
      Tensor w_OI = Tensor.allocate(arena, DType.Q8_0, outputs, INPUTS);
      Tensor x_TI = Samples.activations(2, 1, INPUTS);
      Tensor out = Tensor.allocate(arena, DType.F32, 1, outputs);
      MemorySegment half = arena.allocate(w_OI.data().byteSize() / 2);
      MemorySegment other = arena.allocate(half.byteSize());
      Turns reading =
          new Turns(() -> {
            assertThat(half.mismatch(other)).isNegative();
            return Math.toIntExact(half.byteSize() + other.byteSize());
          });
      Turns turns =
          new Turns(() -> {
            backend.kernels().linear(out, x_TI, w_OI, null);
            return Math.toIntExact(w_OI.data().byteSize());
          });
      hold(turns, reading, floor, "decode from memory on " + name, reporter);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "simd, F16,  0.08",
    "simd, Q8_0, 0.15",
    "simd, Q4_0, 0.13",
    "simd, Q4_K, 0.10",
    "simd, Q6_K, 0.07",
    "jit,  F16,  0.10",
    "jit,  Q8_0, 0.42",
    "jit,  Q4_0, 0.42",
    "jit,  Q4_K, 0.42",
    "jit,  Q6_K, 0.28",
  })
  void decodeMultiplies(String name, DType type, double floor, TestReporter reporter) {
    linear(name, type, 1, 1024, floor, reporter);
  }

  @ParameterizedTest
  @CsvSource({
    "simd, F32, 0.45", "simd, Q8_0, 0.4", "simd, Q4_K, 0.4",
    "jit,  F32, 0.45", "jit,  Q8_0, 0.9", "jit,  Q4_K, 1.3",
  })
  void prefillMultiplies(String name, DType type, double floor, TestReporter reporter) {
    linear(name, type, 128, 256, floor, reporter);
  }

  private void linear(
      String name, DType type, int tokens, int outputs, double floor, TestReporter reporter) {
    Tensor w_OI = Samples.weights(type, 1, outputs, INPUTS);
    Tensor x_TI = Samples.activations(2, tokens, INPUTS);
    Tensor out = Samples.activations(3, tokens, outputs);
    try (Backend backend = open(name)) {
      Turns turns =
          new Turns(() -> {
            backend.kernels().linear(out, x_TI, w_OI, null);
            return tokens * outputs * INPUTS;
          });
      hold(turns, multiplying, floor, tokens + " x " + type + " on " + name, reporter);
    }
  }

  @ParameterizedTest
  @CsvSource({"simd, 0.17", "jit, 0.17"})
  void attentionReachesBack(String name, double floor, TestReporter reporter) {
    int depth = 2048;
    Tensor q_THd = Samples.activations(1, 1, 8, 64);
    Tensor k_TKd = Samples.activations(2, 1, 2, 64);
    Tensor out = Samples.activations(3, 1, 8, 64);
    int[] table = IntStream.range(0, KvCache.blocksFor(depth)).toArray();
    try (Backend backend = open(name);
        KvCache cache = new KvCache(List.of(new CacheSpec.Full(2, 64)), table.length)) {
      for (int block : table) {
        cache.reserve(block);
      }
      Batch batch =
          new Batch(
              new int[1],
              new int[] {depth - 1},
              List.of(new Batch.Span(0, 1, depth - 1, table)),
              new int[1],
              Optional.of(cache));
      Turns turns =
          new Turns(() -> {
            backend.kernels().attention(out, q_THd, k_TKd, k_TKd, 0, batch, 0.125f, 0);
            return 2 * 8 * 64 * depth;
          });
      hold(turns, multiplying, floor, "attention on " + name, reporter);
    }
  }

  private static Backend open(String name) {
    BackendProvider provider =
        Backends.all().stream().filter(it -> it.name().equals(name)).findFirst().orElseThrow();
    assumeTrue(provider.unavailable().isEmpty(), name + " can run here");
    assumeTrue(
        Backends.all().stream().anyMatch(it -> it.features().contains("AVX2")),
        "floors are for processors with AVX2");
    return provider.open(1);
  }

  /** The kernel comes to so much of the plain loop's rate. */
  private static void hold(
      Turns kernel, Turns plain, double floor, String what, TestReporter reporter) {
    plain.warmUp(); // its own best code first: a slow loop would flatter the kernel
    long began = System.nanoTime();
    do {
      kernel.take();
      plain.take();
    } while ((kernel.count < LEAST_TURNS || kernel.best < floor * plain.best)
        && System.nanoTime() - began < PATIENCE_SECONDS * 1e9);
    double ratio = kernel.best / plain.best;
    reporter.publishEntry(what, String.format(Locale.ROOT, "%.2f of a plain loop", ratio));
    assertThat(ratio)
        .as(
            "%s: %.2f G/s, a plain loop %.2f; has a kernel lost its inlining?",
            what, kernel.best, plain.best)
        .isGreaterThan(floor);
  }

  /** Short runs of one piece of work, of which the fastest counts. */
  private static final class Turns {
    private final IntSupplier work;
    private int count;

    /** In billions a second. */
    private double best;

    /**
     * @param work returns how much it was, in bytes or multiply-adds
     */
    Turns(IntSupplier work) {
      this.work = work;
    }

    /** Half a second, once: the compiler may have a queue. */
    void warmUp() {
      if (count > 0) {
        return;
      }
      for (long began = System.nanoTime(); System.nanoTime() - began < WARM_UP_NANOS; ) {
        take();
      }
    }

    void take() {
      long began = System.nanoTime();
      long now = began;
      while (now - began < TURN_NANOS) {
        long start = now;
        double done = work.getAsInt();
        now = System.nanoTime();
        best = Math.max(best, done / (now - start));
      }
      count++;
    }
  }

  /** What Java compiles well by itself: no calls inside, one array after the other. */
  private static final class PlainTile {
    private static final float[][] ROWS = new float[5][512];

    private PlainTile() {}

    /** Multiply-adds of a row of four numbers with a matrix of four rows, 64 times. */
    static int multiply() {
      for (int i = 0; i < 64; i++) {
        add(ROWS[0], ROWS[1], ROWS[2], ROWS[3], ROWS[4], i);
      }
      return 64 * 4 * ROWS[0].length;
    }

    private static void add(float[] out, float[] a, float[] b, float[] c, float[] d, float x) {
      for (int i = 0; i < out.length; i++) {
        out[i] += x * a[i] + (x + 1) * b[i] + (x + 2) * c[i] + (x + 3) * d[i];
      }
    }
  }
}
