package dev.hadal.chat;

import dev.hadal.engine.SamplingParams;

/** Something that answers conversations. Safe to use from any thread; a stream has one reader. */
public interface ChatModel {
  /** The whole answer, with the model's own sampling. */
  default ChatResponse chat(ChatRequest request) {
    return chat(request, sampling());
  }

  /** The whole answer. */
  default ChatResponse chat(ChatRequest request, SamplingParams params) {
    try (ChatStream stream = stream(request, params)) {
      return ChatResponse.of(stream);
    }
  }

  /**
   * The answer as it comes.
   *
   * @throws dev.hadal.engine.CapacityException if the conversation leaves no room for an answer
   * @throws dev.hadal.chat.jinja.TemplateException if the model's template refuses the conversation
   */
  ChatStream stream(ChatRequest request, SamplingParams params);

  /** What is used where a request says nothing: the model's own defaults. */
  SamplingParams sampling();
}
