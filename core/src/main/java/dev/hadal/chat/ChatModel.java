package dev.hadal.chat;

import dev.hadal.engine.SamplingParams;
import dev.hadal.grammar.Entity;
import dev.hadal.grammar.Grammar;

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

  /** The whole answer, held to a form. */
  default ChatResponse chat(ChatRequest request, SamplingParams params, Grammar form) {
    try (ChatStream stream = stream(request, params, form)) {
      return ChatResponse.of(stream);
    }
  }

  /**
   * The answer as a value of a Java type, with the model's own sampling. The model is held to the
   * type's form; what its parts mean is said in the request.
   *
   * @throws IllegalArgumentException if the type has no JSON Schema, or the answer was cut
   */
  default <T> T entity(ChatRequest request, Class<T> type) {
    Entity<T> entity = Entity.of(type);
    return entity.read(chat(request, sampling(), entity.grammar()).content());
  }

  /**
   * The answer as it comes.
   *
   * @throws dev.hadal.engine.CapacityException if the conversation leaves no room for an answer
   * @throws dev.hadal.chat.jinja.TemplateException if the model's template refuses the conversation
   */
  ChatStream stream(ChatRequest request, SamplingParams params);

  /**
   * The answer as it comes, held to a form. What the model thinks before it is free.
   *
   * @throws dev.hadal.engine.CapacityException if the conversation leaves no room for an answer
   * @throws dev.hadal.chat.jinja.TemplateException if the model's template refuses the conversation
   */
  ChatStream stream(ChatRequest request, SamplingParams params, Grammar form);

  /** What is used where a request says nothing: the model's own defaults. */
  SamplingParams sampling();
}
