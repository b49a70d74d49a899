package dev.hadal.app.server.ollama;

import dev.hadal.app.server.Call;
import dev.hadal.app.server.Fields;
import dev.hadal.app.server.Handler;
import dev.hadal.app.server.answer.Answers;
import dev.hadal.app.server.answer.Chorus;
import dev.hadal.app.server.answer.Thinking;
import dev.hadal.app.server.answer.Wish;
import dev.hadal.chat.ChatRequest;
import dev.hadal.chat.ToolCall;
import java.io.IOException;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** POST /api/chat. Without messages it loads the model, or with keep_alive 0 puts it away. */
final class ChatEndpoint implements Handler {
  @Override
  public void handle(Call call) throws IOException {
    Fields fields = call.fields();
    boolean stream = fields.flag("stream", true);
    if (fields.array("messages").isEmpty()) {
      ObjectNode answer = Leased.only(call, fields);
      put(answer, "", "", List.of());
      call.json(answer);
      return;
    }
    Thinking thinking = Think.read(fields);
    ChatRequest request = thinking.applied(Conversation.read(fields));
    Leased leased = Leased.of(call, fields);
    Wish wish =
        Wish.of(Options.read(fields, leased.model().sampling()))
            .withForm(Format.read(fields))
            .withThinkingTokens(thinking.tokens());
    Chorus chorus = Answers.chat(call, leased.model(), request, wish, 1);
    new Reply(call, leased, chorus, ChatEndpoint::put).send(stream);
  }

  private static void put(ObjectNode line, String content, String thinking, List<ToolCall> calls) {
    ObjectNode message = line.putObject("message").put("role", "assistant");
    message.put("content", content);
    if (!thinking.isEmpty()) {
      message.put("thinking", thinking);
    }
    if (!calls.isEmpty()) {
      ArrayNode all = message.putArray("tool_calls");
      for (ToolCall call : calls) {
        ObjectNode one = all.addObject().put("id", call.id());
        one.putObject("function")
            .put("name", call.name())
            .set("arguments", arguments(call.argumentsJson()));
      }
    }
  }

  /** Clients want an object; where the model did not keep to the form, one that holds its text. */
  private static JsonNode arguments(String json) {
    try {
      JsonNode parsed = JsonMapper.shared().readTree(json);
      if (parsed.isObject()) {
        return parsed;
      }
    } catch (JacksonException e) {
      // It is told as it is.
    }
    return Ollama.object().put("arguments", json);
  }
}
