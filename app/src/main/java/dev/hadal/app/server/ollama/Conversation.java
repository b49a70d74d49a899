package dev.hadal.app.server.ollama;

import dev.hadal.app.server.Fields;
import dev.hadal.chat.ChatRequest;
import dev.hadal.chat.Message;
import dev.hadal.chat.Tool;
import dev.hadal.chat.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads what was said so far, and with which tools. */
final class Conversation {
  private static final Set<String> ROLES = Set.of("system", "user", "assistant", "tool");

  private Conversation() {}

  /** Messages and tools. An answer that is begun is gone on with. */
  static ChatRequest read(Fields fields) {
    List<Message> messages = new ArrayList<>();
    for (Fields message : fields.objects("messages")) {
      messages.add(message(message, messages.size()));
    }
    Message last = messages.getLast();
    boolean begun =
        last.role().equals("assistant") && !last.content().isBlank() && last.toolCalls().isEmpty();
    return new ChatRequest(messages, tools(fields), !begun, begun, Map.of());
  }

  private static Message message(Fields message, int number) {
    String role = message.requiredText("role").toLowerCase(Locale.ROOT);
    if (!ROLES.contains(role)) {
      throw message.wrong("role", "system, user, assistant or tool");
    }
    refuseImages(message);
    String content = message.text("content").orElse("");
    if (role.equals("assistant")) {
      String thinking = message.text("thinking").orElse("");
      return Message.assistant(content, thinking, calls(message, number));
    }
    if (role.equals("tool")) {
      String name = message.text("tool_name").or(() -> message.text("name")).orElse("");
      return Message.tool(message.text("tool_call_id").orElse(""), name, content);
    }
    return Message.of(role, content);
  }

  /** Images are no text. */
  static void refuseImages(Fields fields) {
    if (!fields.array("images").isEmpty()) {
      throw fields.refused("images", "this version reads text alone");
    }
  }

  private static List<ToolCall> calls(Fields message, int number) {
    List<ToolCall> calls = new ArrayList<>();
    for (Fields call : message.objects("tool_calls")) {
      Fields function =
          call.object("function")
              .orElseThrow(() -> call.wrong("function", "an object with name and arguments"));
      JsonNode arguments = function.node("arguments");
      if (arguments != null && !arguments.isObject()) {
        throw function.wrong("arguments", "an object");
      }
      String id = call.text("id").orElse("call_" + number + "_" + calls.size());
      calls.add(
          new ToolCall(
              id, function.requiredText("name"), arguments == null ? "{}" : arguments.toString()));
    }
    return calls;
  }

  private static List<Tool> tools(Fields fields) {
    List<Tool> tools = new ArrayList<>();
    for (Fields tool : fields.objects("tools")) {
      tool.oneOf("type", "function");
      Fields function =
          tool.object("function")
              .orElseThrow(() -> tool.wrong("function", "an object with name and parameters"));
      if (function.requiredText("name").isBlank()) {
        throw function.wrong("name", "the tool's name");
      }
      function.object("parameters");
      tools.add(new Tool(tool.plain()));
    }
    return tools;
  }
}
