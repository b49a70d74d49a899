package dev.hadal.app.server.answer;

import dev.hadal.app.server.Fields;
import dev.hadal.chat.ChatRequest;
import java.util.Optional;

/**
 * How much a model is to think: OpenAI's {@code reasoning_effort} as a budget of tokens, or the
 * budget itself as {@code thinking_budget}. Templates are told too, in the words that those of Qwen
 * and DeepSeek know.
 *
 * @param tokens most of them; -1 for as many as it takes
 * @param enabled what is said about it at all
 */
public record Thinking(int tokens, Optional<Boolean> enabled) {
  /** What a chat request says in OpenAI's words. */
  public static Thinking read(Fields fields) {
    Optional<Integer> budget =
        fields.has("thinking_budget")
            ? Optional.of(fields.integer("thinking_budget", 0, Integer.MAX_VALUE).orElseThrow())
            : Optional.empty();
    return of(effort(fields, "reasoning_effort"), budget);
  }

  /** One of the words for effort. */
  public static Optional<String> effort(Fields fields, String name) {
    return fields.oneOf(name, "none", "minimal", "low", "medium", "high", "xhigh", "max");
  }

  /** An effort, or a budget, which goes first. */
  public static Thinking of(Optional<String> effort, Optional<Integer> budget) {
    int tokens =
        budget.orElseGet(() ->
            switch (effort.orElse("")) {
              case "none" -> 0;
              case "minimal" -> 128;
              case "low" -> 1024;
              case "medium" -> 4096;
              default -> -1;
            });
    boolean said = effort.isPresent() || budget.isPresent();
    return new Thinking(tokens, said ? Optional.of(tokens != 0) : Optional.empty());
  }

  /** The request with what templates know of it. What it says itself about it stays. */
  public ChatRequest applied(ChatRequest request) {
    ChatRequest told = request;
    for (String name : new String[] {"enable_thinking", "thinking"}) {
      if (enabled.isPresent() && !request.variables().containsKey(name)) {
        told = told.withVariable(name, enabled.get());
      }
    }
    return told;
  }
}
