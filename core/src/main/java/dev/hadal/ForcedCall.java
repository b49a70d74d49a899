package dev.hadal;

import dev.hadal.chat.ChatRequest;
import dev.hadal.chat.ChatStream;
import dev.hadal.chat.Tool;
import dev.hadal.chat.dialect.CallFrame;
import dev.hadal.chat.dialect.Event;
import dev.hadal.chat.dialect.ReplyContext;
import dev.hadal.chat.dialect.StreamParser;
import dev.hadal.engine.LogitMask;
import dev.hadal.engine.Request;
import dev.hadal.engine.SamplingParams;
import dev.hadal.engine.TextStream;
import dev.hadal.grammar.Choices;
import dev.hadal.grammar.Grammar;
import dev.hadal.grammar.JsonMode;
import dev.hadal.grammar.JsonSchema;
import dev.hadal.tokenizer.StreamDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * An answer that has to be a tool call: the call is begun for the model in its own dialect, the
 * model chooses among the tools where there is a choice, and the arguments are held to the chosen
 * one's schema.
 */
final class ForcedCall {
  private static final int LONGEST_NAME = 256; // tokens

  private final Hadal model;
  private final SamplingParams params;

  private ForcedCall(Hadal model, SamplingParams params) {
    this.model = model;
    this.params = params;
  }

  static ChatStream stream(Hadal model, ChatRequest request, SamplingParams params) {
    return new ForcedCall(model, params).stream(request);
  }

  private ChatStream stream(ChatRequest request) {
    if (request.tools().isEmpty()) {
      throw new IllegalArgumentException("a call is asked for, and no tool is there to be called");
    }
    CallFrame frame = frame(model);
    String rendered = model.template().render(request);
    ReplyContext context = ReplyContext.of(rendered, request.tools());
    String begin = (context.thinking() ? "\n</think>\n\n" : "") + frame.before();
    Tool tool = choose(rendered + begin, request.tools());
    String prefix = begin + tool.name() + frame.between();
    return new ChatStream(
        text(rendered + prefix, arguments(tool), params, true),
        new Begun(model.dialect().dialect().parser(context), prefix, frame.after()));
  }

  private Tool choose(String prompt, List<Tool> tools) {
    if (tools.size() == 1) {
      return tools.getFirst();
    }
    List<String> names = tools.stream().map(Tool::name).toList();
    SamplingParams few = params.withMaxTokens(LONGEST_NAME).withStop(List.of());
    StringBuilder name = new StringBuilder();
    try (TextStream text = text(prompt, Choices.of(names), few, false)) {
      for (Optional<String> piece = text.next(); piece.isPresent(); piece = text.next()) {
        name.append(piece.get());
      }
    }
    return tools.get(Math.max(0, names.indexOf(name.toString())));
  }

  private TextStream text(String prompt, Grammar form, SamplingParams how, boolean reply) {
    LogitMask mask = form.mask(model.tokenizer());
    return new TextStream(
        model.engine().submit(Request.of(model.encodePrompt(prompt), how).withMask(mask)),
        new StreamDecoder(model.tokenizer(), reply, reply),
        how.stop());
  }

  /**
   * A reply of this form, or a call of one of the tools.
   *
   * @throws IllegalArgumentException if a schema cannot be enforced, or the dialect has no form for
   *     calls
   */
  static Grammar orCall(Hadal model, Grammar form, List<Tool> tools) {
    CallFrame frame = frame(model);
    List<Grammar> ways = new ArrayList<>(List.of(form));
    for (Tool tool : tools) {
      ways.add(
          arguments(tool).between(frame.before() + tool.name() + frame.between(), frame.after()));
    }
    return Grammar.anyOf(ways);
  }

  private static CallFrame frame(Hadal model) {
    return model
        .dialect()
        .dialect()
        .callFrame()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "a call is asked for, and this model's dialect (%s) has no form that one could be begun in; leave the choice to it"
                    .formatted(model.dialect().dialect().name())));
  }

  private static Grammar arguments(Tool tool) {
    return tool.parameters().isEmpty()
        ? JsonMode.object()
        : JsonSchema.of(JsonMapper.shared().valueToTree(tool.parameters()));
  }

  /** Reads a reply whose beginning and end were said for the model. */
  private static final class Begun implements StreamParser {
    private final StreamParser parser;
    private final String suffix;
    private @Nullable String prefix;

    Begun(StreamParser parser, String prefix, String suffix) {
      this.parser = parser;
      this.prefix = prefix;
      this.suffix = suffix;
    }

    @Override
    public List<Event> accept(String piece) {
      String all = prefix == null ? piece : prefix + piece;
      prefix = null;
      return calls(parser.accept(all));
    }

    @Override
    public List<Event> finish() {
      List<Event> events = new ArrayList<>(accept(suffix));
      events.addAll(calls(parser.finish()));
      return events;
    }

    /** What stands before the call was ours, not the model's. */
    private static List<Event> calls(List<Event> events) {
      return events.stream().filter(event -> !(event instanceof Event.Thinking)).toList();
    }
  }
}
