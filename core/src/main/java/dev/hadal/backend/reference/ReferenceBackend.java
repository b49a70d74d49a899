package dev.hadal.backend.reference;

import dev.hadal.backend.Backend;
import dev.hadal.backend.Kernels;

/** {@link ReferenceKernels} on the calling thread. */
class ReferenceBackend implements Backend {
  static final String NAME = "reference";

  private final Kernels kernels = new ReferenceKernels();

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "plain Java loops on one core: right, and slow";
  }

  @Override
  public Kernels kernels() {
    return kernels;
  }

  @Override
  public void close() {}
}
