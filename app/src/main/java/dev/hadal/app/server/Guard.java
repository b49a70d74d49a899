package dev.hadal.app.server;

import java.io.IOException;

/** Who may ask a room that has rules of its own. */
@FunctionalInterface
public interface Guard {
  /**
   * Whether a request may come in; its body is not read yet. One that may not has been answered.
   *
   * @throws IOException if the client is gone
   */
  boolean admits(Call call) throws IOException;
}
