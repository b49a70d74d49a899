package dev.hadal.app.server;

import java.io.IOException;
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
}
