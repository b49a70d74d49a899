package dev.hadal.app.server.openai;

import dev.hadal.app.server.Frames;
import dev.hadal.chat.ToolCall;
import dev.hadal.chat.dialect.Event;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The items of a response as they grow, told as events where there is a stream. One item is open at
 * a time.
 */
final class ResponseItems {
  private final @Nullable Frames frames;
  private final ArrayNode items = Json.array();
  private final StringBuilder text = new StringBuilder();
  private @Nullable ObjectNode open;
  private int number; // of the next event

  /**
   * @param frames where events go; null for none
   */
  ResponseItems(@Nullable Frames frames) {
    this.frames = frames;
  }

  ArrayNode items() {
    return items;
  }

  /** An event about the whole response. */
  void tell(String type, ObjectNode response) throws IOException {
    ObjectNode event = Json.object();
    event.set("response", response);
    send(type, event);
  }

  /**
   * The stream's last event, with the failure once as this interface's events tell it and once as
   * its clients look for it in any stream.
   */
  void fail(ObjectNode error) throws IOException {
    ObjectNode event = Json.object();
    for (String name : List.of("code", "message", "param")) {
      event.set(name, error.path(name));
    }
    event.set("error", error);
    send("error", event);
  }

  void add(Event event) throws IOException {
    switch (event) {
      case Event.Content(String more) -> grow("message", more);
      case Event.Thinking(String more) -> grow("reasoning", more);
      case Event.ToolCall(int _, ToolCall call) -> call(call);
    }
  }

  /** Closes what is open. */
  void end() throws IOException {
    ObjectNode item = open;
    if (item == null) {
      return;
    }
    boolean message = item.path("type").asString().equals("message");
    ObjectNode part = part(message, text.toString());
    send(
        message ? "response.output_text.done" : "response.reasoning_text.done",
        about(item).put("text", text.toString()));
    ObjectNode told = about(item);
    told.set("part", part);
    send("response.content_part.done", told);
    item.putArray("content").add(part);
    item.put("status", "completed");
    done(item);
    open = null;
    text.setLength(0);
  }

  private void grow(String type, String more) throws IOException {
    if (open == null || !open.path("type").asString().equals(type)) {
      end();
      open = begin(type);
    }
    text.append(more);
    send(
        type.equals("message") ? "response.output_text.delta" : "response.reasoning_text.delta",
        about(open).put("delta", more));
  }

  private ObjectNode begin(String type) throws IOException {
    boolean message = type.equals("message");
    ObjectNode item = Json.object();
    item.put("id", Json.id(message ? "msg_" : "rs_")).put("type", type);
    item.put("status", "in_progress");
    if (message) {
      item.put("role", "assistant");
    } else {
      item.putArray("summary");
    }
    item.putArray("content");
    items.add(item);
    added(item);
    ObjectNode told = about(item);
    told.set("part", part(message, ""));
    send("response.content_part.added", told);
    return item;
  }

  private void call(ToolCall call) throws IOException {
    end();
    ObjectNode item = Json.object();
    item.put("id", Json.id("fc_")).put("type", "function_call").put("status", "in_progress");
    item.put("call_id", call.id()).put("name", call.name()).put("arguments", "");
    items.add(item);
    added(item);
    String arguments = call.argumentsJson();
    send("response.function_call_arguments.delta", place(item).put("delta", arguments));
    send(
        "response.function_call_arguments.done",
        place(item).put("arguments", arguments).put("name", call.name()));
    item.put("arguments", arguments).put("status", "completed");
    done(item);
  }

  private static ObjectNode part(boolean message, String text) {
    ObjectNode part = Json.object();
    part.put("type", message ? "output_text" : "reasoning_text").put("text", text);
    if (message) {
      part.putArray("annotations");
      part.putArray("logprobs");
    }
    return part;
  }

  private ObjectNode place(ObjectNode item) {
    return Json.object()
        .put("item_id", item.path("id").asString())
        .put("output_index", items.size() - 1);
  }

  private ObjectNode about(ObjectNode item) {
    ObjectNode about = place(item).put("content_index", 0);
    if (item.path("type").asString().equals("message")) {
      about.putArray("logprobs");
    }
    return about;
  }

  private void added(ObjectNode item) throws IOException {
    ObjectNode event = Json.object().put("output_index", items.size() - 1);
    event.set("item", item.deepCopy());
    send("response.output_item.added", event);
  }

  private void done(ObjectNode item) throws IOException {
    ObjectNode event = Json.object().put("output_index", items.size() - 1);
    event.set("item", item.deepCopy());
    send("response.output_item.done", event);
  }

  private void send(String type, ObjectNode event) throws IOException {
    Frames to = frames;
    if (to != null) {
      to.event(type, event.put("type", type).put("sequence_number", number++));
    }
  }
}
