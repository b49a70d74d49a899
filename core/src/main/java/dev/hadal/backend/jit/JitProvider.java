package dev.hadal.backend.jit;

import dev.hadal.backend.Backend;
import dev.hadal.backend.BackendProvider;
import dev.hadal.backend.simd.SimdProvider;
import java.util.List;
import java.util.Optional;

/** Opens {@link JitBackend} on x86-64 Linux with AVX2 or AVX-512 VNNI. */
public final class JitProvider implements BackendProvider {
  static final String NAME = "jit";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int priority() {
    return 200;
  }

  @Override
  public Optional<String> unavailable() {
    return new SimdProvider().unavailable().or(Machine::unavailable);
  }

  @Override
  public List<String> features() {
    return Machine.availableFeatures();
  }

  @Override
  public Backend open(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + ", it must be at least 1");
    }
    return new JitBackend(NAME, new Machine(), threads);
  }
}
