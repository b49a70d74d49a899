package dev.hadal.app.server.openai;

import dev.hadal.engine.TokenLogprob;
import dev.hadal.tokenizer.Tokenizer;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The four parallel lists in which completions tell probabilities. */
final class CompletionLogprobs {
  private final Tokenizer tokenizer;
  private ObjectNode lists = empty();
  private int offset;
  private boolean isNew = true;

  CompletionLogprobs(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  private static ObjectNode empty() {
    ObjectNode lists = Json.object();
    for (String name : List.of("tokens", "token_logprobs", "top_logprobs", "text_offset")) {
      lists.putArray(name);
    }
    return lists;
  }

  /** Whether nothing was added yet. */
  boolean isNew() {
    return isNew;
  }

  /** A prompt's tokens; nothing precedes the first, so it has no probability. */
  void addPrompt(int[] prompt, List<TokenLogprob> logprobs) {
    isNew = false;
    for (int i = 0; i < prompt.length; i++) {
      if (i == 0 || i > logprobs.size()) {
        token(prompt[i]);
        list("token_logprobs").addNull();
        list("top_logprobs").addNull();
      } else {
        add(logprobs.get(i - 1));
      }
    }
  }

  void add(List<TokenLogprob> logprobs) {
    isNew = false;
    logprobs.forEach(this::add);
  }

  private void add(TokenLogprob one) {
    token(one.token());
    list("token_logprobs").add(Json.finite(one.logprob()));
    ObjectNode top = list("top_logprobs").addObject();
    for (TokenLogprob.Alternative other : one.top()) {
      String text = Json.text(tokenizer, other.token());
      if (!top.has(text)) { // of two tokens with one text the likelier counts
        top.put(text, Json.finite(other.logprob()));
      }
    }
    String own = Json.text(tokenizer, one.token());
    if (!top.has(own)) {
      top.put(own, Json.finite(one.logprob()));
    }
  }

  private void token(int token) {
    String text = Json.text(tokenizer, token);
    list("tokens").add(text);
    list("text_offset").add(offset);
    offset += text.length();
  }

  private ArrayNode list(String name) {
    return (ArrayNode) lists.get(name);
  }

  /** What was added since this was last asked. */
  ObjectNode take() {
    ObjectNode taken = lists;
    lists = empty();
    return taken;
  }
}
