package dev.hadal.backend.jit;

import dev.hadal.backend.Backend;
import dev.hadal.backend.Kernels;
import dev.hadal.backend.simd.WorkerPool;
import java.util.Locale;

/** {@link JitKernels} over an own pool of workers. */
final class JitBackend implements Backend {
  private final WorkerPool pool;
  private final String name;
  private final Machine machine;
  private final JitKernels kernels;

  JitBackend(String name, Machine machine, int threads) {
    this.name = name;
    this.machine = machine;
    pool = new WorkerPool(threads);
    kernels = new JitKernels(pool, machine);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String description() {
    return String.format(
        Locale.ROOT,
        "machine code made at run time (%s) over Java's Vector API, %d thread%s",
        String.join(", ", machine.featureNames()),
        pool.width(),
        pool.width() == 1 ? "" : "s");
  }

  @Override
  public Kernels kernels() {
    return kernels;
  }

  @Override
  public void close() {
    pool.close(); // first: no code may run when its pages go
    kernels.close();
    machine.close();
  }
}
