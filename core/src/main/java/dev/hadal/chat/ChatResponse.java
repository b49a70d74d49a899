package dev.hadal.chat;

import dev.hadal.engine.FinishReason;
import java.util.List;

/**
 * A whole answer.
 *
 * @param content what the model says
 * @param reasoningContent what it thought before; empty if nothing
 * @param toolCalls what it wants called
 * @param finishReason why it ended
 */
public record ChatResponse(
    String content,
    String reasoningContent,
    List<ToolCall> toolCalls,
    FinishReason finishReason,
    int promptTokens,
    int completionTokens) {}
