package dev.hadal.backend;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * How fast this machine reads memory: what decoding can't be faster than. Measured in about a
 * second.
 */
public final class MemoryBandwidth {
  private static final long BYTES = 2L << 30; // together more than any cache
  private static final long MOST_PER_THREAD = 256L << 20;
  private static final int ROUNDS = 8;

  private MemoryBandwidth() {}

  /**
   * Bytes a second that {@code threads} threads read together, the best of several rounds.
   *
   * <p>Each compares two equal halves of its own memory, which the JVM does with its widest loads
   * and almost no arithmetic.
   */
  public static double bytesPerSecond(int threads) {
    long bytesPerThread = Math.min(MOST_PER_THREAD, BYTES / threads);
    try (Arena arena = Arena.ofShared();
        ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<MemorySegment> memory =
          IntStream.range(0, threads).mapToObj(i -> arena.allocate(bytesPerThread)).toList();
      double best = 0;
      for (int round = 0; round < ROUNDS; round++) {
        long start = System.nanoTime();
        for (var read : memory.stream().map(m -> pool.submit(() -> read(m))).toList()) {
          read.get();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        best = Math.max(best, threads * bytesPerThread / seconds);
      }
      return best;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Double.NaN;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private static long read(MemorySegment memory) {
    long half = memory.byteSize() / 2;
    return memory.asSlice(0, half).mismatch(memory.asSlice(half, half));
  }
}
