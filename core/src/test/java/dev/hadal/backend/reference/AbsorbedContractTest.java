package dev.hadal.backend.reference;

import dev.hadal.backend.Backend;
import dev.hadal.backend.Kernels;
import dev.hadal.backend.KernelsContract;

/** Holds latent attention in its absorbed form to the decompressed one. */
final class AbsorbedContractTest extends KernelsContract {
  @Override
  protected Backend backend() {
    return new ReferenceBackend() {
      private final Kernels kernels = new ReferenceKernels(true);

      @Override
      public Kernels kernels() {
        return kernels;
      }
    };
  }
}
