package dev.hadal.model;

import dev.hadal.backend.BackendProvider;
import dev.hadal.backend.Backends;
import java.util.Collection;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** The back ends that run on this machine, as test parameters. */
final class EveryBackend {
  static final int THREADS = 2;

  private EveryBackend() {}

  /** (name of a back end, case), for all of both. */
  static Stream<Arguments> with(Collection<?> cases) {
    return Backends.all().stream()
        .filter(provider -> provider.unavailable().isEmpty())
        .map(BackendProvider::name)
        .flatMap(name -> cases.stream().map(c -> Arguments.of(name, c)));
  }
}
