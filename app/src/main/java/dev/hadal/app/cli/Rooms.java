package dev.hadal.app.cli;

import dev.hadal.app.hub.HubSettings;
import dev.hadal.app.server.Room;
import dev.hadal.app.server.anthropic.Anthropic;
import dev.hadal.app.server.extras.Extras;
import dev.hadal.app.server.ollama.Ollama;
import dev.hadal.app.server.openai.OpenAi;
import java.util.List;

/** The interfaces that the server speaks beside the page's, a line each. */
final class Rooms {
  private Rooms() {}

  /**
   * Those for programs.
   *
   * @param hub where models are pulled from and kept
   */
  static List<Room> all(HubSettings hub) {
    return List.of(new OpenAi(), new Anthropic(), new Ollama(hub), new Extras());
  }
}
