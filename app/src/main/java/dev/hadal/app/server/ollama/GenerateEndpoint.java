package dev.hadal.app.server.ollama;

import dev.hadal.Hadal;
import dev.hadal.app.server.Call;
import dev.hadal.app.server.Fields;
import dev.hadal.app.server.Handler;
import dev.hadal.app.server.answer.Answers;
import dev.hadal.app.server.answer.Chorus;
import dev.hadal.app.server.answer.Generation;
import dev.hadal.app.server.answer.Thinking;
import dev.hadal.app.server.answer.Wish;
import dev.hadal.chat.ChatRequest;
import dev.hadal.chat.ChatTemplate;
import dev.hadal.chat.Message;
import dev.hadal.chat.ToolCall;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * POST /api/generate: one question in the model's template, a text as it stands ({@code raw}), or
 * what stands between two texts ({@code suffix}). Without a prompt it loads the model or puts it
 * away. {@code template} is Jinja here, as models bring it.
 */
final class GenerateEndpoint implements Handler {
  private static final Pattern GO_TEMPLATE =
      Pattern.compile("\\{\\{-?\\s*(?:(?:if|range|with)\\s+)?[.$]|\\{\\{-?\\s*end\\b");

  @Override
  public void handle(Call call) throws IOException {
    Fields fields = call.fields();
    boolean stream = fields.flag("stream", true);
    Conversation.refuseImages(fields);
    String prompt = fields.text("prompt").orElse("");
    String suffix = fields.text("suffix").orElse("");
    if (prompt.isEmpty() && suffix.isEmpty()) {
      call.json(Leased.only(call, fields).put("response", ""));
      return;
    }
    Thinking thinking = Think.read(fields);
    Leased leased = Leased.of(call, fields);
    Hadal model = leased.model();
    Wish wish =
        Wish.of(Options.read(fields, model.sampling()))
            .withForm(Format.read(fields))
            .withThinkingTokens(thinking.tokens());
    if (fields.flag("raw", false) || !suffix.isEmpty()) {
      int[] tokens = tokens(fields, model, prompt, suffix);
      Chorus chorus = Answers.texts(call, model, List.of(tokens), wish, false, 1);
      new Reply(call, leased, chorus, GenerateEndpoint::put).send(stream);
      return;
    }
    int[] before = context(fields, model);
    String rendered = template(fields, model).render(thinking.applied(request(fields, prompt)));
    Chorus chorus = Answers.rendered(call, model, before, rendered, List.of(), wish, 1);
    new Reply(call, leased, chorus, new InContext(model, before, rendered)).send(stream);
  }

  private static int[] tokens(Fields fields, Hadal model, String prompt, String suffix) {
    if (!suffix.isEmpty()) {
      return FillIn.prompt(model.tokenizer(), prompt, suffix)
          .orElseThrow(() ->
              fields.refused(
                  "suffix",
                  "this model has no tokens that mark a gap to fill; a coder's model has"));
    }
    return model.tokenizer().encode(prompt, true, true);
  }

  private static ChatRequest request(Fields fields, String prompt) {
    List<Message> messages = new ArrayList<>();
    fields.text("system").filter(s -> !s.isEmpty()).map(Message::system).ifPresent(messages::add);
    messages.add(Message.user(prompt));
    return ChatRequest.of(messages);
  }

  private static ChatTemplate template(Fields fields, Hadal model) {
    Optional<String> own = fields.text("template").filter(t -> !t.isEmpty());
    if (own.isEmpty()) {
      return model.template();
    }
    if (GO_TEMPLATE.matcher(own.get()).find()) {
      throw fields.refused(
          "template",
          "this is one in Go's language; a Jinja template is expected, with messages and"
              + " add_generation_prompt");
    }
    return ChatTemplate.of(own.get(), model.template().bos(), model.template().eos());
  }

  private static int[] context(Fields fields, Hadal model) {
    List<JsonNode> ids = fields.array("context");
    int vocabulary = model.config().vocabSize();
    for (JsonNode id : ids) {
      if (!id.isInt() || id.intValue() < 0 || id.intValue() >= vocabulary) {
        throw fields.wrong("context", "token ids from 0 to " + (vocabulary - 1));
      }
    }
    return ids.stream().mapToInt(JsonNode::intValue).toArray();
  }

  private static void put(ObjectNode line, String content, String thinking, List<ToolCall> calls) {
    line.put("response", content);
    if (!thinking.isEmpty()) {
      line.put("thinking", thinking);
    }
  }

  /** An answer with the conversation up to its end, to be given back with the next question. */
  private record InContext(Hadal model, int[] before, String rendered) implements Reply.Shape {
    @Override
    public void put(ObjectNode line, String content, String thinking, List<ToolCall> calls) {
      GenerateEndpoint.put(line, content, thinking, calls);
    }

    @Override
    public void putLast(ObjectNode line, Generation voice) {
      ArrayNode context = line.putArray("context");
      int[] said = model.encodePrompt(rendered + voice.raw());
      IntStream.of(Answers.joined(model, before, said)).forEach(context::add);
    }
  }
}
