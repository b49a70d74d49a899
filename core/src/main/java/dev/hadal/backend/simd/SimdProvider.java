package dev.hadal.backend.simd;

import dev.hadal.backend.Backend;
import dev.hadal.backend.BackendProvider;
import java.util.List;
import java.util.Optional;

/** Opens {@link SimdBackend}; touches no vector class before it has looked for the module. */
public final class SimdProvider implements BackendProvider {
  static final String NAME = "simd";

  private static final String MODULE = "jdk.incubator.vector";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int priority() {
    return 100;
  }

  @Override
  public Optional<String> unavailable() {
    return ModuleLayer.boot().findModule(MODULE).isPresent()
        ? Optional.empty()
        : Optional.of(
            "the simd back end is off and everything runs fifty times slower, since the JVM was"
                + " started without its vector module; start it with '--add-modules "
                + MODULE
                + "' (./hadal does)");
  }

  @Override
  public List<String> features() {
    return unavailable().isEmpty()
        ? List.of(Lanes.FLOATS.vectorBitSize() + "-bit vectors")
        : List.of();
  }

  @Override
  public Backend open(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + ", it must be at least 1");
    }
    return new SimdBackend(threads);
  }
}
