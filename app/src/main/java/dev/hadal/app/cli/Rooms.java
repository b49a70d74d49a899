package dev.hadal.app.cli;

import dev.hadal.app.server.Room;
import dev.hadal.app.server.anthropic.Anthropic;
import dev.hadal.app.server.extras.Extras;
import dev.hadal.app.server.ollama.Ollama;
import dev.hadal.app.server.openai.OpenAi;
import java.util.List;

/** The interfaces that the server speaks, a line each. */
final class Rooms {
  private Rooms() {}

  static List<Room> all() {
    return List.of(new OpenAi(), new Anthropic(), new Ollama(Places.hub()), new Extras());
  }
}
