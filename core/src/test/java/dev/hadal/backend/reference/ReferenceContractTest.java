package dev.hadal.backend.reference;

import dev.hadal.backend.Backend;
import dev.hadal.backend.Backends;
import dev.hadal.backend.KernelsContract;

final class ReferenceContractTest extends KernelsContract {
  @Override
  protected Backend backend() {
    return Backends.named("reference");
  }
}
