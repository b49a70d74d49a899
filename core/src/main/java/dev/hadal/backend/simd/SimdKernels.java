package dev.hadal.backend.simd;

import dev.hadal.backend.reference.ReferenceKernels;
import dev.hadal.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The kernels that are hot, on vectors and all workers; the rest is inherited.
 *
 * <p>Tasks are objects that are kept and set anew for each call, so that a call allocates nothing
 * once every buffer has its size.
 */
final class SimdKernels extends ReferenceKernels {
  private final LinearTask linear;

  SimdKernels(WorkerPool pool) {
    linear = new LinearTask(pool);
  }

  @Override
  public void linear(Tensor out_TO, Tensor x_TI, Tensor w_OI, @Nullable Tensor bias_O) {
    linear.run(out_TO, x_TI, w_OI, bias_O);
  }
}
