package dev.hadal.app.server.openai;

import dev.hadal.app.server.Fields;
import dev.hadal.app.server.answer.Thinking;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request for a response, said as the chat request that it means. What both word alike is taken
 * over; what this interface words in its own way is turned here.
 */
final class ResponseFields {
  private static final List<String> ALIKE =
      List.of(
          "model",
          "temperature",
          "top_p",
          "top_k",
          "min_p",
          "seed",
          "stream",
          "parallel_tool_calls",
          "chat_template_kwargs",
          "thinking_budget");

  private static final Set<String> MESSAGE_PARTS = Set.of("input_text", "output_text", "text");

  private ResponseFields() {}

  /**
   * The chat request.
   *
   * @param before messages of the conversation that it goes on with
   */
  static ObjectNode chat(Fields fields, ArrayNode before) {
    for (String missing : List.of("conversation", "prompt")) {
      if (fields.has(missing)) {
        throw fields.refused(missing, "give all input with the request");
      }
    }
    if (fields.flag("background", false)) {
      throw fields.refused("background", "answers are made while the client waits");
    }
    ObjectNode chat = Json.object();
    for (String name : ALIKE) {
      if (fields.has(name)) {
        chat.set(name, fields.node(name));
      }
    }
    if (fields.has("max_output_tokens")) {
      chat.set("max_completion_tokens", fields.node("max_output_tokens"));
    }
    fields
        .object("reasoning")
        .flatMap(reasoning -> Thinking.effort(reasoning, "effort"))
        .ifPresent(effort -> chat.put("reasoning_effort", effort));
    fields
        .object("text")
        .flatMap(text -> text.object("format"))
        .ifPresent(format -> putFormat(chat, format));
    putTools(chat, fields);
    ArrayNode messages = chat.putArray("messages");
    fields
        .text("instructions")
        .ifPresent(text -> messages.addObject().put("role", "system").put("content", text));
    messages.addAll(before);
    messages.addAll(input(fields));
    return chat;
  }

  /** What {@code input} says, as messages. */
  static ArrayNode input(Fields fields) {
    ArrayNode messages = Json.array();
    JsonNode input = fields.node("input");
    if (input != null && input.isString()) {
      messages.addObject().put("role", "user").put("content", input.stringValue());
      return messages;
    }
    List<Fields> items = fields.objects("input");
    if (items.isEmpty()) {
      throw fields.wrong("input", "text, or a list of at least one item");
    }
    items.forEach(item -> add(messages, item));
    return messages;
  }

  private static void add(ArrayNode messages, Fields item) {
    switch (item.text("type").orElse("message")) {
      case "message" ->
          messages.addObject().put("role", item.requiredText("role")).put("content", content(item));
      case "function_call" ->
          messages
              .addObject()
              .put("role", "assistant")
              .put("content", "")
              .putArray("tool_calls")
              .addObject()
              .put("id", item.requiredText("call_id"))
              .put("type", "function")
              .putObject("function")
              .put("name", item.requiredText("name"))
              .put("arguments", item.requiredText("arguments"));
      case "function_call_output" ->
          messages
              .addObject()
              .put("role", "tool")
              .put("tool_call_id", item.requiredText("call_id"))
              .put("content", item.requiredText("output"));
      case "reasoning" -> {
        // What was thought before an answer is not part of the conversation.
      }
      default ->
          throw item.refused("type", "expected message, function_call or function_call_output");
    }
  }

  private static String content(Fields item) {
    JsonNode content = item.node("content");
    if (content != null && content.isString()) {
      return content.stringValue();
    }
    StringBuilder text = new StringBuilder();
    for (Fields part : item.objects("content")) {
      String type = part.requiredText("type");
      if (!MESSAGE_PARTS.contains(type)) {
        throw part.refused("type", "'" + type + "'; this version reads text alone");
      }
      text.append(part.requiredText("text"));
    }
    return text.toString();
  }

  private static void putFormat(ObjectNode chat, Fields format) {
    ObjectNode told = chat.putObject("response_format").put("type", format.requiredText("type"));
    if (format.has("schema")) {
      told.putObject("json_schema").set("schema", format.node("schema"));
    }
  }

  private static void putTools(ObjectNode chat, Fields fields) {
    List<Fields> tools = fields.objects("tools");
    for (Fields tool : tools) {
      if (!tool.requiredText("type").equals("function")) {
        throw tool.refused("type", "only functions that the caller runs");
      }
      ObjectNode function = chat.withArray("tools").addObject().put("type", "function");
      ObjectNode inner = function.putObject("function");
      for (String name : List.of("name", "description", "parameters")) {
        if (tool.has(name)) {
          inner.set(name, tool.node(name));
        }
      }
    }
    JsonNode choice = fields.node("tool_choice");
    if (choice != null && choice.isObject()) {
      Fields named = fields.object("tool_choice").orElseThrow();
      ObjectNode told = chat.putObject("tool_choice").put("type", "function");
      told.putObject("function").put("name", named.requiredText("name"));
    } else if (choice != null) {
      chat.set("tool_choice", choice);
    }
  }
}
