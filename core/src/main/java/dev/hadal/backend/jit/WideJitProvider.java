package dev.hadal.backend.jit;

import dev.hadal.backend.Backend;
import dev.hadal.backend.BackendProvider;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/**
 * {@link JitBackend} with every instruction set it knows. AVX-VNNI code is held by tests that make
 * its products of others; until it has run on such a processor nobody gets it unasked.
 */
public final class WideJitProvider implements BackendProvider {
  private static final String NAME = "jit-wide";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int priority() {
    return 50;
  }

  @Override
  public Optional<String> unavailable() {
    return new JitProvider()
        .unavailable()
        .or(() ->
            Machine.hasUnproven()
                ? Optional.empty()
                : Optional.of(
                    "back end jit-wide is for processors with AVX-VNNI and no AVX-512;"
                        + " on this one jit does the same"));
  }

  @Override
  public List<String> features() {
    return Machine.availableFeatures();
  }

  @Override
  public Optional<String> unproven() {
    return Optional.of(
        "its code for AVX-VNNI has not run on such a processor yet; try '--backend "
            + NAME
            + "' and hold it to a reference with 'hadal verify'");
  }

  @Override
  public Backend open(int threads) {
    return new JitBackend(NAME, new Machine(EnumSet.allOf(Isa.class)), threads);
  }
}
