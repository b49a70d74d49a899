package dev.hadal.app.server.openai;

import dev.hadal.Hadal;
import dev.hadal.app.models.Lease;
import dev.hadal.app.server.Call;
import dev.hadal.app.server.Fields;
import dev.hadal.app.server.Frames;
import dev.hadal.app.server.Handler;
import dev.hadal.app.server.answer.Answers;
import dev.hadal.app.server.answer.Chorus;
import dev.hadal.app.server.answer.Generation;
import dev.hadal.app.server.answer.ModelField;
import dev.hadal.app.server.answer.Piece;
import dev.hadal.chat.ToolCall;
import dev.hadal.chat.dialect.Event;
import dev.hadal.engine.TokenLogprob;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** POST /v1/chat/completions. Source: OpenAI API reference, Chat. */
final class ChatEndpoint implements Handler {
  @Override
  public void handle(Call call) throws IOException {
    Fields fields = call.fields();
    String model = ModelField.read(call, fields);
    Lease lease = call.lease(model);
    Hadal hadal = lease.model();
    ChatFields asked = ChatFields.read(fields, hadal.sampling());
    Chorus chorus = Answers.chat(call, hadal, asked.request(), asked.wish(), asked.n());
    Exchange exchange = new Exchange(call, model, hadal, asked, chorus);
    if (asked.stream()) {
      exchange.stream();
    } else {
      exchange.whole();
    }
  }

  /** One request and its answers. */
  private static final class Exchange {
    private final Call call;
    private final String model;
    private final Hadal hadal;
    private final ChatFields asked;
    private final Chorus chorus;
    private final String id = Json.id("chatcmpl-");
    private final long created = Json.now();

    Exchange(Call call, String model, Hadal hadal, ChatFields asked, Chorus chorus) {
      this.call = call;
      this.model = model;
      this.hadal = hadal;
      this.asked = asked;
      this.chorus = chorus;
    }

    void whole() {
      List<Message> messages = new ArrayList<>();
      chorus.voices().forEach(voice -> messages.add(new Message()));
      for (Optional<Chorus.Said> said = chorus.next(); said.isPresent(); said = chorus.next()) {
        int index = said.get().index();
        said.get().piece().ifPresent(piece -> messages.get(index).add(piece));
      }
      ObjectNode answer = head("chat.completion");
      ArrayNode choices = answer.putArray("choices");
      for (int i = 0; i < messages.size(); i++) {
        ObjectNode choice = choices.addObject().put("index", i);
        choice.set("message", messages.get(i).json());
        choice.set(
            "logprobs",
            asked.logprobs()
                ? Json.chatLogprobs(hadal.tokenizer(), messages.get(i).logprobs)
                : null);
        choice.put("finish_reason", chorus.voice(i).finish());
      }
      answer.set("usage", Json.usage(chorus.voices(), asked.n()));
      call.json(answer);
    }

    /** A message as it grows. */
    private static final class Message {
      private final StringBuilder content = new StringBuilder();
      private final StringBuilder thinking = new StringBuilder();
      private final List<ToolCall> calls = new ArrayList<>();
      private final List<TokenLogprob> logprobs = new ArrayList<>();

      void add(Piece piece) {
        logprobs.addAll(piece.logprobs());
        switch (piece.event()) {
          case Event.Content(String text) -> content.append(text);
          case Event.Thinking(String text) -> thinking.append(text);
          case Event.ToolCall(int _, ToolCall toolCall) -> calls.add(toolCall);
        }
      }

      ObjectNode json() {
        ObjectNode message = Json.object().put("role", "assistant");
        message.put("content", content.isEmpty() && !calls.isEmpty() ? null : content.toString());
        message.putNull("refusal");
        if (!thinking.isEmpty()) {
          message.put("reasoning_content", thinking.toString());
        }
        if (!calls.isEmpty()) {
          ArrayNode all = message.putArray("tool_calls");
          calls.forEach(c -> putCall(all.addObject(), c, c.argumentsJson()));
        }
        return message;
      }
    }

    void stream() throws IOException {
      Frames frames = call.frames(Frames.SSE);
      for (int i = 0; i < asked.n(); i++) {
        ObjectNode delta = Json.object().put("role", "assistant").put("content", "");
        frames.data(chunk(i, delta, List.of(), null));
      }
      for (Optional<Chorus.Said> said = chorus.next(); said.isPresent(); said = chorus.next()) {
        int index = said.get().index();
        Generation voice = chorus.voice(index);
        if (said.get().piece().isPresent()) {
          tell(frames, index, said.get().piece().get());
        } else {
          frames.data(chunk(index, Json.object(), voice.leftover(), voice.finish()));
        }
      }
      if (asked.usageInStream()) {
        ObjectNode last = head("chat.completion.chunk");
        last.putArray("choices");
        last.set("usage", Json.usage(chorus.voices(), asked.n()));
        frames.data(last);
      }
      frames.done();
    }

    private void tell(Frames frames, int index, Piece piece) throws IOException {
      switch (piece.event()) {
        case Event.Content(String text) ->
            frames.data(chunk(index, Json.object().put("content", text), piece.logprobs(), null));
        case Event.Thinking(String text) ->
            frames.data(
                chunk(index, Json.object().put("reasoning_content", text), List.of(), null));
        case Event.ToolCall(int number, ToolCall toolCall) -> {
          ObjectNode begun = Json.object();
          putCall(begun.putArray("tool_calls").addObject().put("index", number), toolCall, "");
          frames.data(chunk(index, begun, List.of(), null));
          ObjectNode arguments = Json.object();
          arguments
              .putArray("tool_calls")
              .addObject()
              .put("index", number)
              .putObject("function")
              .put("arguments", toolCall.argumentsJson());
          frames.data(chunk(index, arguments, List.of(), null));
        }
      }
    }

    private ObjectNode chunk(
        int index, ObjectNode delta, List<TokenLogprob> logprobs, @Nullable String finish) {
      ObjectNode chunk = head("chat.completion.chunk");
      ObjectNode choice = chunk.putArray("choices").addObject().put("index", index);
      choice.set("delta", delta);
      choice.set(
          "logprobs",
          asked.logprobs() && !logprobs.isEmpty()
              ? Json.chatLogprobs(hadal.tokenizer(), logprobs)
              : null);
      choice.put("finish_reason", finish);
      if (asked.usageInStream()) {
        chunk.putNull("usage");
      }
      return chunk;
    }

    private ObjectNode head(String object) {
      return Json.object()
          .put("id", id)
          .put("object", object)
          .put("created", created)
          .put("model", model);
    }

    private static void putCall(ObjectNode node, ToolCall toolCall, String arguments) {
      node.put("id", toolCall.id())
          .put("type", "function")
          .putObject("function")
          .put("name", toolCall.name())
          .put("arguments", arguments);
    }
  }
}
