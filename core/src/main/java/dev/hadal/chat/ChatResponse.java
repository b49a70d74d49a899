package dev.hadal.chat;

import dev.hadal.chat.dialect.Event;
import dev.hadal.engine.FinishReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A whole answer.
 *
 * @param content what the model says
 * @param reasoningContent what it thought before; empty if nothing
 * @param toolCalls what it wants called
 * @param finishReason why it ended
 * @param promptTokens tokens of the rendered conversation
 * @param completionTokens tokens the model generated
 */
public record ChatResponse(
    String content,
    String reasoningContent,
    List<ToolCall> toolCalls,
    FinishReason finishReason,
    int promptTokens,
    int completionTokens) {

  public ChatResponse {
    toolCalls = List.copyOf(toolCalls);
  }

  /** Reads a stream to its end. */
  public static ChatResponse of(ChatStream stream) {
    StringBuilder content = new StringBuilder();
    StringBuilder reasoning = new StringBuilder();
    List<ToolCall> calls = new ArrayList<>();
    for (Optional<Event> next = stream.next(); next.isPresent(); next = stream.next()) {
      switch (next.get()) {
        case Event.Content(String text) -> content.append(text);
        case Event.Thinking(String text) -> reasoning.append(text);
        case Event.ToolCall(int index, ToolCall call) -> calls.add(index, call);
      }
    }
    return new ChatResponse(
        content.toString(),
        reasoning.toString(),
        calls,
        stream.finishReason().orElse(FinishReason.CANCELLED),
        stream.tokens().promptTokens(),
        stream.tokens().generatedTokens());
  }

  /** The answer as a message, to go on with the conversation. */
  public Message message() {
    return Message.assistant(content, reasoningContent, toolCalls);
  }
}
