package dev.hadal.app.cli;

import dev.hadal.backend.BackendProvider;
import dev.hadal.backend.Backends;
import java.util.List;
import java.util.Optional;

/**
 * A back end's part in a choice.
 *
 * @param used whether it is the one that computes
 * @param runs whether it could
 * @param unproven whether it runs and might be the fastest, but has to be asked for
 * @param why it is used, or not
 */
record BackEndFacts(String name, boolean used, boolean runs, boolean unproven, String why) {
  /**
   * All of them, fastest first.
   *
   * @param asked the one that was asked for by name; empty for the best
   * @throws IllegalArgumentException if there is none of that name, or it can't run here
   */
  static List<BackEndFacts> all(String asked) {
    List<BackendProvider> all = Backends.all();
    BackendProvider best =
        all.stream().filter(p -> p.unavailable().isEmpty()).findFirst().orElseThrow();
    BackendProvider used = asked.isEmpty() ? best : Backends.provider(asked);
    return all.stream().map(p -> of(p, used, best)).toList();
  }

  private static BackEndFacts of(BackendProvider it, BackendProvider used, BackendProvider best) {
    Optional<String> unavailable = it.unavailable();
    boolean isUsed = it.name().equals(used.name());
    String why =
        isUsed
            ? used.name().equals(best.name()) ? "the fastest that can run here" : "asked for"
            : unavailable
                .or(it::unproven)
                .orElseGet(() ->
                    it.priority() > used.priority()
                        ? "can run here, and is faster"
                        : "can run here, slower than " + used.name());
    boolean unproven = unavailable.isEmpty() && it.unproven().isPresent();
    return new BackEndFacts(it.name(), isUsed, unavailable.isEmpty(), unproven, why);
  }
}
