package dev.hadal.app.server.openai;

import dev.hadal.app.server.Fields;
import dev.hadal.app.server.answer.ChatBody;
import dev.hadal.app.server.answer.SamplingFields;
import dev.hadal.app.server.answer.Thinking;
import dev.hadal.app.server.answer.Wish;
import dev.hadal.chat.ChatRequest;
import dev.hadal.chat.Tool;
import dev.hadal.engine.SamplingParams;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * What a chat request asks for, checked.
 *
 * @param logprobs whether answers tell their tokens' probabilities
 */
record ChatFields(
    ChatRequest request,
    Wish wish,
    int n,
    boolean stream,
    boolean usageInStream,
    boolean logprobs) {
  private static final int MOST_ANSWERS = 16;

  static ChatFields read(Fields fields, SamplingParams defaults) {
    ChatRequest chat = ChatBody.read(fields);
    for (String old : List.of("functions", "function_call")) {
      if (fields.has(old)) {
        throw fields.refused(old, "'tools' and 'tool_choice' have taken its place");
      }
    }
    if (fields.has("audio")) {
      throw fields.refused("audio", "this version answers in text");
    }
    boolean logprobs = fields.flag("logprobs", false);
    int top = fields.integer("top_logprobs", 0, 20).orElse(0);
    if (top > 0 && !logprobs) {
      throw fields.wrong("top_logprobs", "logprobs to be true beside it");
    }
    Thinking thinking = Thinking.read(fields);
    ChatRequest request = thinking.applied(chat);
    Wish wish =
        Wish.of(SamplingFields.read(fields, defaults, "max_completion_tokens", "max_tokens"))
            .withLogprobs(logprobs ? top : -1)
            .withThinkingTokens(thinking.tokens())
            .withForm(Forms.responseFormat(fields))
            .withOneCall(!fields.flag("parallel_tool_calls", true));
    ToolChoice choice = ToolChoice.read(fields, request.tools());
    Optional<Fields> stream = fields.object("stream_options");
    return new ChatFields(
        choice.isNone() ? request.withTools(List.of()) : request,
        wish.withMustCall(choice.must()),
        fields.integer("n", 1, MOST_ANSWERS).orElse(1),
        fields.flag("stream", false),
        stream.map(o -> o.flag("include_usage", false)).orElse(false),
        logprobs);
  }

  /**
   * Which tools may or must be called.
   *
   * @param must one of these; none: as the model likes
   */
  private record ToolChoice(boolean isNone, List<Tool> must) {
    static ToolChoice read(Fields fields, List<Tool> tools) {
      JsonNode choice = fields.node("tool_choice");
      if (choice == null || choice.isString()) {
        String word = fields.oneOf("tool_choice", "auto", "none", "required", "any").orElse("auto");
        boolean must = word.equals("required") || word.equals("any");
        if (must && tools.isEmpty()) {
          throw fields.wrong("tool_choice", "tools beside it that could be called");
        }
        return new ToolChoice(word.equals("none"), must ? tools : List.of());
      }
      Fields named = fields.object("tool_choice").orElseThrow();
      if (named.requiredText("type").equals("allowed_tools")) {
        throw named.refused("type", "'allowed_tools'; give only those tools that are allowed");
      }
      String name =
          named
              .object("function")
              .orElseThrow(() -> named.wrong("function", "an object with the tool's name"))
              .requiredText("name");
      List<Tool> meant = tools.stream().filter(t -> t.name().equals(name)).toList();
      if (meant.isEmpty()) {
        Set<String> known = new TreeSet<>(tools.stream().map(Tool::name).toList());
        throw named.wrong("function", "one of the tools " + known);
      }
      return new ToolChoice(false, new ArrayList<>(meant).subList(0, 1));
    }
  }
}
