package dev.hadal.app.cli;

import com.sun.management.OperatingSystemMXBean;
import dev.hadal.backend.Backend;
import dev.hadal.backend.LinearSpeed;
import dev.hadal.backend.MemoryBandwidth;
import dev.hadal.tensor.DType;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What was measured.
 *
 * @param memoryBytesPerSecond of a plain read loop, or of decode where that was faster
 * @param others the part of the processors' time that other programs took meanwhile, 0 to 1
 */
record SpeedFacts(
    String backend, int threads, double memoryBytesPerSecond, List<Of> types, double others) {
  private static final List<DType> TYPES = List.of(DType.F32, DType.Q8_0, DType.Q4_K);
  private static final long LEAST_BYTES = 256L << 20;
  private static final long MOST_BYTES = 1L << 30;

  /**
   * With weights of one type.
   *
   * @param prefillOperationsPerSecond two for a product: it is multiplied and added
   * @param decodeBytesPerSecond of weights
   * @param memoryShare of {@link SpeedFacts#memoryBytesPerSecond}
   */
  record Of(
      String type,
      double prefillOperationsPerSecond,
      double decodeBytesPerSecond,
      double memoryShare) {}

  static SpeedFacts measure(Backend backend, int threads, long lastCacheBytes, Progress progress) {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    system.getCpuLoad(); // each counts from its last call
    system.getProcessCpuLoad();
    int steps = 1 + 2 * TYPES.size();
    int step = 0;
    double memory = MemoryBandwidth.bytesPerSecond(threads);
    progress.update(++step, steps);
    long bytes = Math.clamp(4 * lastCacheBytes, LEAST_BYTES, MOST_BYTES);
    double[] products = new double[TYPES.size()];
    double[] decode = new double[TYPES.size()];
    for (int i = 0; i < TYPES.size(); i++) {
      products[i] = LinearSpeed.prefillProductsPerSecond(backend.kernels(), TYPES.get(i));
      progress.update(++step, steps);
      decode[i] = LinearSpeed.decodeBytesPerSecond(backend.kernels(), TYPES.get(i), bytes);
      progress.update(++step, steps);
    }
    // Interpreted Java reads slower than machine code computes.
    double most = Math.max(memory, Arrays.stream(decode).max().orElseThrow());
    List<Of> types =
        IntStream.range(0, TYPES.size())
            .mapToObj(
                i -> new Of(TYPES.get(i).name(), 2 * products[i], decode[i], decode[i] / most))
            .toList();
    double others = Math.clamp(system.getCpuLoad() - system.getProcessCpuLoad(), 0, 1);
    return new SpeedFacts(backend.name(), threads, most, types, others);
  }
}
