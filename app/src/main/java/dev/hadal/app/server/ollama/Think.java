package dev.hadal.app.server.ollama;

import dev.hadal.app.server.Fields;
import dev.hadal.app.server.answer.Thinking;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Whether and how much to think: {@code true}, {@code false} or a level. */
final class Think {
  private Think() {}

  static Thinking read(Fields fields) {
    JsonNode node = fields.node("think");
    if (node == null) {
      return Thinking.of(Optional.empty(), Optional.empty());
    }
    String effort =
        node.isString()
            ? fields.oneOf("think", "low", "medium", "high", "max").orElseThrow()
            : node.isBoolean() ? (node.booleanValue() ? "high" : "none") : "";
    if (effort.isEmpty()) {
      throw fields.wrong("think", "true, false, low, medium, high or max");
    }
    return Thinking.of(Optional.of(effort), Optional.empty());
  }
}
