package dev.hadal.app.server.openai;

import dev.hadal.app.server.Fields;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a response was asked with, in the one form in which it is told again: every item has its
 * type, an id and a status, and a message's text is a list of parts.
 */
final class InputItems {
  private InputItems() {}

  static ArrayNode of(Fields fields) {
    ArrayNode items = Json.array();
    JsonNode input = fields.node("input");
    if (input != null && input.isString()) {
      items.add(item(Json.object().put("role", "user").put("content", input.stringValue())));
    } else {
      fields.objects("input").forEach(item -> items.add(item((ObjectNode) item.json())));
    }
    return items;
  }

  private static ObjectNode item(ObjectNode given) {
    ObjectNode item = given.deepCopy();
    if (!item.hasNonNull("type")) {
      item.put("type", "message");
    }
    String type = item.path("type").asString();
    if (!item.hasNonNull("id")) {
      item.put("id", Json.id(prefix(type)));
    }
    if (!item.hasNonNull("status")) {
      item.put("status", "completed");
    }
    if (type.equals("message")) {
      item.set("content", parts(item));
    }
    return item;
  }

  private static ArrayNode parts(ObjectNode message) {
    JsonNode content = message.path("content");
    boolean said = message.path("role").asString().equals("assistant");
    ArrayNode parts = Json.array();
    if (content.isString()) {
      parts.addObject().set("text", content);
    } else {
      content.forEach(part -> parts.add(part.deepCopy()));
    }
    for (JsonNode one : parts) {
      ObjectNode part = (ObjectNode) one;
      part.put("type", said ? "output_text" : "input_text");
      if (said) {
        part.withArrayProperty("annotations");
        part.withArrayProperty("logprobs");
      }
    }
    return parts;
  }

  private static String prefix(String type) {
    return switch (type) {
      case "function_call" -> "fc_";
      case "function_call_output" -> "fco_";
      case "reasoning" -> "rs_";
      default -> "msg_";
    };
  }
}
