package dev.hadal.app.server;

import java.io.IOException;

/** Answers a request. It may block: it has a virtual thread to itself. */
@FunctionalInterface
public interface Handler {
  /**
   * Answers.
   *
   * @throws RequestException with what is wrong with the request
   * @throws IllegalArgumentException the same, where no field is to blame
   * @throws IOException if the client is gone
   */
  void handle(Call call) throws IOException;
}
