package dev.hadal.backend.reference;

import dev.hadal.backend.Backend;
import dev.hadal.backend.BackendProvider;
import java.util.Optional;

/** Opens {@link ReferenceBackend}; runs everywhere. */
public final class ReferenceProvider implements BackendProvider {
  @Override
  public String name() {
    return ReferenceBackend.NAME;
  }

  @Override
  public int priority() {
    return 0;
  }

  @Override
  public Optional<String> unavailable() {
    return Optional.empty();
  }

  @Override
  public Backend open(int threads) {
    return new ReferenceBackend();
  }
}
