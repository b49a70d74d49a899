package dev.hadal.langchain4j;

import dev.hadal.Hadal;
import dev.hadal.chat.ChatStream;
import dev.hadal.chat.ToolCall;
import dev.hadal.chat.dialect.Event;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An answer as it grows, and what LangChain4j makes of it. */
final class Reply {
  private final StringBuilder content = new StringBuilder();
  private final StringBuilder thinking = new StringBuilder();
  private final List<ToolExecutionRequest> calls = new ArrayList<>();

  void add(Event event) {
    switch (event) {
      case Event.Content(String text) -> content.append(text);
      case Event.Thinking(String text) -> thinking.append(text);
      case Event.ToolCall(int index, ToolCall call) -> calls.add(index, request(call));
    }
  }

  /** The whole of it, once its stream has ended. */
  ChatResponse response(Hadal hadal, ChatStream stream) {
    int prompt = stream.tokens().promptTokens();
    int generated = stream.tokens().generatedTokens();
    return ChatResponse.builder()
        .aiMessage(
            AiMessage.builder()
                .text(content.isEmpty() && !calls.isEmpty() ? null : content.toString())
                .thinking(thinking.isEmpty() ? null : thinking.toString())
                .toolExecutionRequests(calls)
                .build())
        .modelName(modelName(hadal))
        .tokenUsage(new TokenUsage(prompt, generated, prompt + generated))
        .finishReason(calls.isEmpty() ? reason(stream) : FinishReason.TOOL_EXECUTION)
        .build();
  }

  static ToolExecutionRequest request(ToolCall call) {
    return ToolExecutionRequest.builder()
        .id(call.id())
        .name(call.name())
        .arguments(call.argumentsJson())
        .build();
  }

  /** The model's file or folder, without the way there. */
  static String modelName(Hadal hadal) {
    return String.valueOf(hadal.checkpoint().source().toAbsolutePath().getFileName());
  }

  private static FinishReason reason(ChatStream stream) {
    dev.hadal.engine.@Nullable FinishReason reason = stream.finishReason().orElse(null);
    return switch (reason) {
      case STOP -> FinishReason.STOP;
      case LENGTH -> FinishReason.LENGTH;
      case null, default -> FinishReason.OTHER;
    };
  }
}
