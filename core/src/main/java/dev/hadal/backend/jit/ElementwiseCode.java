package dev.hadal.backend.jit;

import dev.hadal.backend.simd.Elementwise;

/** {@link ElementwiseKernel} where rows are whole steps, else plain Java. */
final class ElementwiseCode implements Elementwise {
  private final Routine add;
  private final Routine swiglu;
  private final Routine rmsNorm;
  private final long constants;

  ElementwiseCode(ExecutableMemory memory, long constants) {
    this.constants = constants;
    add = Routine.of(memory, ElementwiseKernel::add);
    swiglu = Routine.of(memory, ElementwiseKernel::swiglu);
    rmsNorm = Routine.of(memory, ElementwiseKernel::rmsNorm);
  }

  private static boolean takes(int count) {
    return count > 0 && count % ElementwiseKernel.STEP == 0;
  }

  @Override
  public void add(long out, long a, long b, int count) {
    if (takes(count)) {
      add.call(out, a, b, count / ElementwiseKernel.STEP, 0, constants);
    } else {
      ON_VECTORS.add(out, a, b, count);
    }
  }

  @Override
  public void swiglu(long out, long gate, long up, int count) {
    if (takes(count)) {
      swiglu.call(out, gate, up, count / ElementwiseKernel.STEP, 0, constants);
    } else {
      ON_VECTORS.swiglu(out, gate, up, count);
    }
  }

  @Override
  public void rmsNorm(long out, long x, long w, float eps, int count) {
    if (takes(count)) {
      long bits = Float.floatToRawIntBits(eps);
      rmsNorm.call(out, x, w, count / ElementwiseKernel.STEP, bits, constants);
    } else {
      ON_VECTORS.rmsNorm(out, x, w, eps, count);
    }
  }
}
