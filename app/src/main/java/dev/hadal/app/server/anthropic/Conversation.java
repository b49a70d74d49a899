package dev.hadal.app.server.anthropic;

import dev.hadal.app.server.Fields;
import dev.hadal.chat.ChatRequest;
import dev.hadal.chat.Message;
import dev.hadal.chat.Tool;
import dev.hadal.chat.ToolCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads what was said so far, and with which tools, out of a request's blocks. */
final class Conversation {
  private final List<Message> messages = new ArrayList<>();
  private final Map<String, String> called = new HashMap<>(); // names of tools by their call's id

  private Conversation() {}

  /**
   * System text, messages, tools, and whether to think. An answer that is begun is gone on with.
   */
  static ChatRequest read(Fields fields) {
    refuse(fields);
    Conversation conversation = new Conversation();
    if (fields.has("system")) {
      conversation.messages.add(Message.system(text(fields, "system")));
    }
    List<Fields> said = fields.objects("messages");
    if (said.isEmpty()) {
      throw fields.wrong("messages", "a list of at least one message");
    }
    said.forEach(conversation::add);
    boolean begun = conversation.messages.getLast().role().equals("assistant");
    return new ChatRequest(conversation.messages, tools(fields), !begun, begun, variables(fields));
  }

  /** What would change the answer and can't be had here is not passed over. */
  private static void refuse(Fields fields) {
    if (fields.has("output_format")) {
      throw fields.refused("output_format", "answers are free text; give a tool with the schema");
    }
    Optional<Fields> output = fields.object("output_config");
    if (output.isPresent() && output.get().has("format")) {
      throw output.get().refused("format", "answers are free text; give a tool with the schema");
    }
    if (!fields.array("mcp_servers").isEmpty()) {
      throw fields.refused("mcp_servers", "only tools that the caller runs");
    }
    if (fields.has("container")) {
      throw fields.refused("container", "nothing is run on this server");
    }
  }

  private void add(Fields message) {
    String role = message.oneOf("role", "user", "assistant", "system").orElse("");
    JsonNode content = message.node("content");
    if (role.isEmpty() || content == null) {
      throw message.wrong(role.isEmpty() ? "role" : "content", "a role, and text or blocks");
    }
    if (role.equals("assistant")) {
      addAnswer(message);
    } else {
      addQuestion(message, role);
    }
  }

  private void addQuestion(Fields message, String role) {
    StringBuilder text = new StringBuilder();
    for (Fields block : blocks(message, text)) {
      switch (block.requiredText("type")) {
        case "text" -> text.append(block.requiredText("text"));
        case "tool_result" -> {
          String id = block.requiredText("tool_use_id");
          String name = called.get(id);
          if (name == null) {
            throw block.wrong("tool_use_id", "the id of a tool_use block before it");
          }
          String result = block.has("content") ? text(block, "content") : "";
          messages.add(Message.tool(id, name, result));
        }
        default -> throw unread(block);
      }
    }
    if (!text.isEmpty() || messages.isEmpty()) {
      messages.add(Message.of(role, text.toString()));
    }
  }

  private void addAnswer(Fields message) {
    StringBuilder text = new StringBuilder();
    StringBuilder thinking = new StringBuilder();
    List<ToolCall> calls = new ArrayList<>();
    for (Fields block : blocks(message, text)) {
      switch (block.requiredText("type")) {
        case "text" -> text.append(block.requiredText("text"));
        case "thinking" -> thinking.append(block.requiredText("thinking"));
        case "redacted_thinking" -> {
          // Nobody here can read it.
        }
        case "tool_use" -> {
          JsonNode input = block.node("input");
          String id = block.requiredText("id");
          String name = block.requiredText("name");
          called.put(id, name);
          calls.add(new ToolCall(id, name, input == null ? "{}" : input.toString()));
        }
        default -> throw unread(block);
      }
    }
    messages.add(Message.assistant(text.toString(), thinking.toString(), calls));
  }

  private static RuntimeException unread(Fields block) {
    return block.refused("type", "'" + block.requiredText("type") + "'; this version reads text");
  }

  /** The blocks of a message; a plain text goes straight to {@code text}. */
  private static List<Fields> blocks(Fields message, StringBuilder text) {
    JsonNode content = message.node("content");
    if (content != null && content.isString()) {
      text.append(content.stringValue());
      return List.of();
    }
    return message.objects("content");
  }

  /** Text, or blocks of text. */
  private static String text(Fields fields, String name) {
    JsonNode node = fields.node(name);
    if (node != null && node.isString()) {
      return node.stringValue();
    }
    StringBuilder text = new StringBuilder();
    for (Fields block : fields.objects(name)) {
      if (!block.requiredText("type").equals("text")) {
        throw unread(block);
      }
      text.append(text.isEmpty() ? "" : "\n").append(block.requiredText("text"));
    }
    return text.toString();
  }

  private static List<Tool> tools(Fields fields) {
    List<Tool> tools = new ArrayList<>();
    Optional<Fields> choice = fields.object("tool_choice");
    for (Fields tool : fields.objects("tools")) {
      if (tool.has("type") && !tool.requiredText("type").equals("custom")) {
        throw tool.refused("type", "only tools that the caller runs");
      }
      Fields schema =
          tool.object("input_schema").orElseThrow(() -> tool.wrong("input_schema", "a schema"));
      tools.add(
          Tool.function(
              tool.requiredText("name"), tool.text("description").orElse(""), schema.plain()));
    }
    boolean none = choice.isPresent() && choice.get().requiredText("type").equals("none");
    return none ? List.of() : tools;
  }

  private static Map<String, @Nullable Object> variables(Fields fields) {
    Map<String, @Nullable Object> variables = new LinkedHashMap<>();
    fields
        .object("thinking")
        .flatMap(thinking -> thinking.oneOf("type", "enabled", "disabled", "adaptive"))
        .ifPresent(type -> {
          variables.put("enable_thinking", !type.equals("disabled"));
          variables.put("thinking", !type.equals("disabled"));
        });
    return variables;
  }
}
