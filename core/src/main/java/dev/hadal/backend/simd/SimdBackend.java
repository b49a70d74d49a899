package dev.hadal.backend.simd;

import dev.hadal.backend.Backend;
import dev.hadal.backend.Kernels;
import java.util.Locale;

/** {@link SimdKernels} over an own pool of workers. */
final class SimdBackend implements Backend {
  private final WorkerPool pool;
  private final Kernels kernels;

  SimdBackend(int threads) {
    pool = new WorkerPool(threads);
    kernels = new SimdKernels(pool);
  }

  @Override
  public String name() {
    return SimdProvider.NAME;
  }

  @Override
  public String description() {
    return String.format(
        Locale.ROOT,
        "Java's Vector API, %d bits wide, %d thread%s",
        Lanes.FLOATS.vectorBitSize(),
        pool.width(),
        pool.width() == 1 ? "" : "s");
  }

  @Override
  public Kernels kernels() {
    return kernels;
  }

  @Override
  public void close() {
    pool.close();
  }
}
