package dev.hadal.app.server.answer;

import dev.hadal.app.server.Fields;
import dev.hadal.chat.ChatRequest;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** A conversation in OpenAI's words: {@code messages}, {@code tools}, what templates may know. */
public final class ChatBody {
  private static final Set<String> PARTS = Set.of("text", "refusal", "input_text", "output_text");

  private ChatBody() {}

  /**
   * Reads it, checked.
   *
   * @throws dev.hadal.app.server.RequestException with the field that is wrong
   */
  public static ChatRequest read(Fields fields) {
    List<Fields> messages = fields.objects("messages");
    if (messages.isEmpty()) {
      throw fields.wrong("messages", "a list of at least one message");
    }
    messages.forEach(ChatBody::checkMessage);
    fields.objects("tools").forEach(ChatBody::checkTool);
    fields.object("chat_template_kwargs");
    return ChatRequest.fromJson(fields.json());
  }

  private static void checkMessage(Fields message) {
    String role = message.requiredText("role");
    if (role.isBlank()) {
      throw message.wrong("role", "system, developer, user, assistant or tool");
    }
    JsonNode content = message.node("content");
    if (content == null) {
      if (!role.equals("assistant")) {
        throw message.wrong("content", "text, or a list of parts");
      }
    } else if (content.isArray()) {
      for (Fields part : message.objects("content")) {
        String type = part.requiredText("type");
        if (!PARTS.contains(type)) {
          throw part.refused("type", "'" + type + "'; this version reads text alone");
        }
      }
    } else if (!content.isString()) {
      throw message.wrong("content", "text, or a list of parts");
    }
    for (Fields call : message.objects("tool_calls")) {
      call.object("function")
          .orElseThrow(() -> call.wrong("function", "an object with name and arguments"))
          .requiredText("name");
    }
  }

  private static void checkTool(Fields tool) {
    if (!tool.requiredText("type").equals("function")) {
      throw tool.wrong("type", "function");
    }
    Fields function =
        tool.object("function")
            .orElseThrow(() -> tool.wrong("function", "an object with name and parameters"));
    if (!function.requiredText("name").matches("[a-zA-Z0-9_.-]{1,64}")) {
      throw function.wrong("name", "1 to 64 letters, digits, '_', '-' or '.'");
    }
    function.object("parameters");
  }
}
