package dev.hadal.app.server;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** An interface that the server speaks: its endpoints, and how it words a failure. */
public interface Room {
  /** Adds its endpoints. Called once, before the server listens. */
  void addTo(Routes routes);

  /** Whose interface it is, as its documentation names it. */
  String title();

  /** A failure as this interface's clients expect it. */
  JsonNode error(Failure failure);

  /** Tells of a failure in a stream that has begun. */
  default void error(Frames frames, Failure failure) throws IOException {
    frames.data(error(failure));
  }

  /** What it is called where several are listed. */
  default String name() {
    return getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /**
   * The rules of a room that are not the usual ones of host, origin and key. Such a room is not for
   * programs, and /docs does not list it.
   */
  default Optional<Guard> guard() {
    return Optional.empty();
  }

  /**
   * Ends what goes on in it without a request, when the server does. Blocks until it has.
   *
   * @param grace how long that may take
   */
  default void end(Duration grace) {}
}
