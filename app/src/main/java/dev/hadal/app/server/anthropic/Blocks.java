package dev.hadal.app.server.anthropic;

import dev.hadal.app.server.Frames;
import dev.hadal.chat.ToolCall;
import dev.hadal.chat.dialect.Event;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** The blocks of an answer as they grow, told as events where there is a stream. */
final class Blocks {
  private final @Nullable Frames frames;
  private final ArrayNode blocks = JsonMapper.shared().createArrayNode();
  private final StringBuilder text = new StringBuilder();
  private String open = ""; // text, thinking, or nothing

  /**
   * @param frames where events go; null for none
   */
  Blocks(@Nullable Frames frames) {
    this.frames = frames;
  }

  void begin(ObjectNode message) throws IOException {
    ObjectNode start = MessagesEndpoint.object();
    start.set("message", message);
    tell("message_start", start);
    tell("ping", MessagesEndpoint.object());
  }

  void add(Event event) throws IOException {
    switch (event) {
      case Event.Content(String more) -> grow("text", more);
      case Event.Thinking(String more) -> grow("thinking", more);
      case Event.ToolCall(int _, ToolCall call) -> call(call);
    }
  }

  /** All of them, the last one closed. */
  ArrayNode end() throws IOException {
    close();
    return blocks;
  }

  /** The last words of a stream. */
  void finish(ObjectNode message) throws IOException {
    ObjectNode delta = MessagesEndpoint.object();
    delta
        .putObject("delta")
        .set("stop_reason", message.get("stop_reason"))
        .set("stop_sequence", message.get("stop_sequence"));
    delta.set("usage", message.get("usage"));
    tell("message_delta", delta);
    tell("message_stop", MessagesEndpoint.object());
  }

  private void grow(String kind, String more) throws IOException {
    if (!open.equals(kind)) {
      close();
      open = kind;
      start(blocks.size(), content(kind, ""));
    }
    text.append(more);
    delta(blocks.size(), kind + "_delta", kind, more);
  }

  private void close() throws IOException {
    if (!open.isEmpty()) {
      stop(blocks.size());
      blocks.add(content(open, text.toString()));
      open = "";
      text.setLength(0);
    }
  }

  private void call(ToolCall call) throws IOException {
    close();
    ObjectNode block =
        MessagesEndpoint.object()
            .put("type", "tool_use")
            .put("id", call.id())
            .put("name", call.name());
    block.putObject("input");
    start(blocks.size(), block.deepCopy());
    delta(blocks.size(), "input_json_delta", "partial_json", call.argumentsJson());
    stop(blocks.size());
    block.set("input", arguments(call.argumentsJson()));
    blocks.add(block);
  }

  /** As they are; as text where the model did not keep to the form. */
  private static JsonNode arguments(String json) {
    try {
      return JsonMapper.shared().readTree(json);
    } catch (JacksonException e) {
      return StringNode.valueOf(json);
    }
  }

  private static ObjectNode content(String kind, String text) {
    ObjectNode block = MessagesEndpoint.object().put("type", kind).put(kind, text);
    return kind.equals("thinking") ? block.put("signature", "") : block;
  }

  private void start(int index, ObjectNode block) throws IOException {
    ObjectNode event = MessagesEndpoint.object().put("index", index);
    event.set("content_block", block);
    tell("content_block_start", event);
  }

  private void delta(int index, String type, String name, String more) throws IOException {
    ObjectNode event = MessagesEndpoint.object().put("index", index);
    event.putObject("delta").put("type", type).put(name, more);
    tell("content_block_delta", event);
  }

  private void stop(int index) throws IOException {
    tell("content_block_stop", MessagesEndpoint.object().put("index", index));
  }

  private void tell(String type, ObjectNode event) throws IOException {
    Frames to = frames;
    if (to != null) {
      to.event(type, event.put("type", type));
    }
  }
}
