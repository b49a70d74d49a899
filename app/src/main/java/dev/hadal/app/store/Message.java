package dev.hadal.app.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message: a node of a conversation's tree. Times are milliseconds since 1970.
 *
 * @param conversation null for a side of a comparison
 * @param parent null for a first message
 * @param role {@code user} or {@code assistant}
 * @param model who answers; null for a user's
 * @param state {@code running}, {@code done}, {@code stopped} or {@code error}
 * @param stage what a running one is at; never stored
 * @param progress of its stage, 0 to 1; never stored
 * @param finishReason {@code stop}, {@code length}, {@code cancelled} or {@code error}
 * @param thinkingMs how long it thought
 */
public record Message(
    String id,
    @Nullable String conversation,
    @Nullable String parent,
    String role,
    long created,
    String content,
    String thinking,
    List<Attachment> attachments,
    @Nullable String model,
    String state,
    @Nullable String stage,
    @Nullable Double progress,
    @Nullable String finishReason,
    @Nullable Problem error,
    @Nullable Long thinkingMs,
    @Nullable Usage usage,
    @Nullable Timings timings) {
  public Message {
    attachments = List.copyOf(attachments);
  }

  /** What a person says. */
  public static Message user(
      String conversation,
      @Nullable String parent,
      long now,
      String content,
      List<Attachment> attachments) {
    return new Message(
        Wire.id("m"),
        conversation,
        parent,
        "user",
        now,
        content,
        "",
        attachments,
        null,
        "done",
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /** An answer that begins. */
  public static Message answer(
      @Nullable String conversation, @Nullable String parent, long now, String model) {
    return new Message(
        Wire.id("m"),
        conversation,
        parent,
        "assistant",
        now,
        "",
        "",
        List.of(),
        model,
        "running",
        "queued",
        null,
        null,
        null,
        null,
        null,
        null);
  }

  public boolean isUser() {
    return role.equals("user");
  }

  public boolean isRunning() {
    return state.equals("running");
  }

  /** The same in another conversation, under other ids. */
  public Message moved(String newId, @Nullable String newConversation, @Nullable String newParent) {
    return new Message(
        newId,
        newConversation,
        newParent,
        role,
        created,
        content,
        thinking,
        attachments,
        model,
        state,
        stage,
        progress,
        finishReason,
        error,
        thinkingMs,
        usage,
        timings);
  }

  /** The same without the name of who answers: a blind side of a comparison. */
  public Message withModel(@Nullable String value) {
    return new Message(
        id,
        conversation,
        parent,
        role,
        created,
        content,
        thinking,
        attachments,
        value,
        state,
        stage,
        progress,
        finishReason,
        error,
        thinkingMs,
        usage,
        timings);
  }

  /** The same with other text. */
  public Message withText(String newContent, String newThinking) {
    return new Message(
        id,
        conversation,
        parent,
        role,
        created,
        newContent,
        newThinking,
        attachments,
        model,
        state,
        stage,
        progress,
        finishReason,
        error,
        thinkingMs,
        usage,
        timings);
  }

  /** As it is shown while it is made. */
  public Message at(String newStage, @Nullable Double newProgress, @Nullable Long newThinkingMs) {
    return new Message(
        id,
        conversation,
        parent,
        role,
        created,
        content,
        thinking,
        attachments,
        model,
        state,
        newStage,
        newProgress,
        finishReason,
        error,
        newThinkingMs,
        usage,
        timings);
  }

  /** As it ended. */
  public Message ended(
      String newState,
      String newFinishReason,
      @Nullable Problem newError,
      @Nullable Long newThinkingMs,
      @Nullable Usage newUsage,
      @Nullable Timings newTimings) {
    return new Message(
        id,
        conversation,
        parent,
        role,
        created,
        content,
        thinking,
        attachments,
        model,
        newState,
        null,
        null,
        newFinishReason,
        newError,
        newThinkingMs,
        newUsage,
        newTimings);
  }
}
