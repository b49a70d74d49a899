package dev.hadal.langchain4j;

import dev.hadal.chat.Message;
import dev.hadal.chat.ToolCall;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** LangChain4j's messages as Hadal's. */
final class Conversation {
  private Conversation() {}

  /**
   * @throws UnsupportedFeatureException naming a kind of message or content that is not read
   */
  static List<Message> of(List<ChatMessage> messages) {
    return messages.stream().map(Conversation::of).toList();
  }

  private static Message of(ChatMessage message) {
    return switch (message) {
      case SystemMessage system -> Message.system(system.text());
      case UserMessage user -> {
        Message said = Message.user(text(user.contents()));
        yield user.name() == null ? said : said.with("name", user.name());
      }
      case AiMessage answer ->
          Message.assistant(orEmpty(answer.text()), orEmpty(answer.thinking()), calls(answer));
      case ToolExecutionResultMessage result ->
          Message.tool(orEmpty(result.id()), orEmpty(result.toolName()), text(result.contents()));
      default ->
          throw new UnsupportedFeatureException(
              "a message of type %s; SYSTEM, USER, AI and TOOL_EXECUTION_RESULT are read"
                  .formatted(message.type()));
    };
  }

  private static List<ToolCall> calls(AiMessage answer) {
    return answer.toolExecutionRequests().stream()
        .map(call -> new ToolCall(orEmpty(call.id()), call.name(), orEmpty(call.arguments())))
        .toList();
  }

  private static String text(List<Content> contents) {
    return contents.stream().map(Conversation::text).collect(Collectors.joining("\n"));
  }

  private static String text(Content content) {
    if (content instanceof TextContent plain) {
      return plain.text();
    }
    throw new UnsupportedFeatureException(
        "content of type %s; this version reads TEXT alone".formatted(content.type()));
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
