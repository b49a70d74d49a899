package dev.hadal.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.hadal.backend.Backend;
import dev.hadal.backend.Backends;
import dev.hadal.backend.Batch;
import dev.hadal.backend.KvCache;
import dev.hadal.ops.Ops;
import dev.hadal.tensor.Scratch;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A decoding step that has been done before allocates nothing: not on the heap, not off it. */
final class AllocationTest {
  /** Bytes a token, over all threads: far below one tensor object a layer. */
  private static final long NOTHING = 512;

  private static final int STEPS = 100;

  /** Until the compiler has seen that vectors need not be objects. */
  private static final int ROUNDS = 60;

  /** All but the reference, which is written to be read. */
  static Stream<Arguments> fastBackendAndFamily() {
    return EveryBackend.with(Golden.all()).filter(both -> !both.get()[0].equals("reference"));
  }

  @ParameterizedTest
  @MethodSource("fastBackendAndFamily")
  void aDecodingStepAllocatesNothingOnceWarm(String backendName, Golden family) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Model model = Architectures.load(family.checkpoint());
    try (Backend backend = Backends.named(backendName, EveryBackend.THREADS);
        KvCache cache = new KvCache(model.cacheSpec(), 1);
        Scratch scratch = new Scratch()) {
      cache.reserve(0);
      Ops ops = new Ops(backend.kernels(), scratch);
      Batch step =
          new Batch(
              new int[] {family.tokens()[0]},
              new int[] {9},
              List.of(new Batch.Span(0, 1, 9, new int[] {0})),
              new int[] {0},
              Optional.of(cache));
      model.forward(ops, step);
      long heldBefore = scratch.totalBytes();
      long least = Long.MAX_VALUE;
      for (int round = 0; round < ROUNDS && least > NOTHING; round++) {
        long before = threads.getTotalThreadAllocatedBytes();
        for (int i = 0; i < STEPS; i++) {
          scratch.reset();
          model.forward(ops, step);
        }
        least = Math.min(least, (threads.getTotalThreadAllocatedBytes() - before) / STEPS);
      }
      assertThat(least).as("heap bytes a token").isLessThanOrEqualTo(NOTHING);
      assertThat(scratch.totalBytes()).as("off-heap bytes held").isEqualTo(heldBefore);
    }
  }
}
