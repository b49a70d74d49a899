package dev.hadal.backend.simd;

import dev.hadal.backend.Backend;
import dev.hadal.backend.Backends;
import dev.hadal.backend.KernelsContract;

final class SimdContractTest extends KernelsContract {
  @Override
  protected Backend backend() {
    return Backends.named("simd", 3); // also where there are fewer cores: work is shared out anyhow
  }
}
