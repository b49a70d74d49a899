package dev.hadal.backend;

import java.util.List;
import java.util.Optional;

/**
 * Opens one kind of back end; found by {@link java.util.ServiceLoader}, so that {@code backend}
 * never imports its implementations.
 */
public interface BackendProvider {
  /** A short name, as given to {@code --backend}. */
  String name();

  /** Which is tried first when the user names none: higher is faster. */
  int priority();

  /** Why it can't run here, as one sentence with the remedy; empty when it can. */
  Optional<String> unavailable();

  /** What it found on this machine to compute with, by name and for people. */
  default List<String> features() {
    return List.of();
  }

  /**
   * Why it is not chosen by itself though it may be the fastest here, as one sentence with the
   * remedy; empty for those that {@link #priority()} places.
   */
  default Optional<String> unproven() {
    return Optional.empty();
  }

  /**
   * @param threads workers, at least 1
   */
  Backend open(int threads);
}
