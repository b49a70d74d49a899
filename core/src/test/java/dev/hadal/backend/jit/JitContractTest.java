package dev.hadal.backend.jit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hadal.backend.Backend;
import dev.hadal.backend.KernelsContract;
import dev.hadal.tensor.DType;

final class JitContractTest extends KernelsContract {
  @Override
  protected Backend backend() {
    assumeTrue(new JitProvider().unavailable().isEmpty(), "machine code can run here");
    return new JitProvider().open(3);
  }

  /**
   * Activations are rounded to 8 bits (half a step of 127 is 0.4% of a block's largest), twice in a
   * row for experts.
   */
  @Override
  protected double tolerance(DType type) {
    return RowType.of(type) == null ? super.tolerance(type) : 0.02;
  }
}
