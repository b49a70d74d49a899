package dev.hadal.backend;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;

/** Chooses a back end and says why. */
public final class Backends {
  private static final System.Logger LOG = System.getLogger(Backends.class.getName());

  private Backends() {}

  /** All that are on the class path, fastest first, whether they can run here or not. */
  public static List<BackendProvider> all() {
    List<BackendProvider> found = new ArrayList<>();
    ServiceLoader.load(BackendProvider.class, Backends.class.getClassLoader()).forEach(found::add);
    found.sort(Comparator.comparingInt(BackendProvider::priority).reversed());
    return found;
  }

  /**
   * The fastest that can run here, at the machine's width. What had to be passed over is logged
   * once, with the remedy.
   */
  public static Backend best() {
    return best(Cores.physical());
  }

  /** As {@link #best()}, with {@code threads} workers. */
  public static Backend best(int threads) {
    Set<String> passedOver = new HashSet<>();
    for (BackendProvider provider : all()) {
      Optional<String> unavailable = provider.unavailable();
      if (unavailable.isEmpty()) {
        return provider.open(threads);
      }
      if (passedOver.add(unavailable.get())) { // back ends that share a need share a sentence
        LOG.log(System.Logger.Level.WARNING, unavailable.get());
      }
    }
    throw new IllegalStateException(
        "no back end on the class path; is META-INF/services/"
            + BackendProvider.class.getName()
            + " missing from a repackaged jar?");
  }

  /** The one of that name, at the machine's width. */
  public static Backend named(String name) {
    return named(name, Cores.physical());
  }

  /**
   * @throws IllegalArgumentException if there is none of that name, or it can't run here
   */
  public static Backend named(String name, int threads) {
    return provider(name).open(threads);
  }

  /**
   * What opens the one of that name.
   *
   * @throws IllegalArgumentException if there is none of that name, or it can't run here
   */
  public static BackendProvider provider(String name) {
    List<BackendProvider> all = all();
    BackendProvider provider =
        all.stream()
            .filter(p -> p.name().equals(name))
            .findFirst()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "no back end named '"
                        + name
                        + "'; there are "
                        + all.stream()
                            .map(BackendProvider::name)
                            .collect(Collectors.joining(", "))));
    provider
        .unavailable()
        .ifPresent(why -> {
          throw new IllegalArgumentException(why);
        });
    return provider;
  }
}
