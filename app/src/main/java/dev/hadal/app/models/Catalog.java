package dev.hadal.app.models;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The models that may be asked for: the only way from a name in a request to a file. A name is
 * never read as a path.
 */
public interface Catalog {
  /**
   * The model of this name.
   *
   * @return empty if there is none
   * @throws IllegalArgumentException if the name means something that is here only in part
   */
  Optional<Entry> find(String name) throws IOException;

  /** All of them, those being served first. */
  List<Entry> list() throws IOException;

  /**
   * A model that is on this machine.
   *
   * @param name what to ask for
   * @param path what to open
   * @param bytes what its files take
   * @param modified when it came
   */
  record Entry(String name, Path path, long bytes, Instant modified) {}
}
