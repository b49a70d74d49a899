package dev.hadal.app.server.anthropic;

import dev.hadal.Hadal;
import dev.hadal.app.server.Call;
import dev.hadal.app.server.Fields;
import dev.hadal.app.server.Frames;
import dev.hadal.app.server.Handler;
import dev.hadal.app.server.answer.Answers;
import dev.hadal.app.server.answer.Chorus;
import dev.hadal.app.server.answer.Generation;
import dev.hadal.app.server.answer.SamplingFields;
import dev.hadal.app.server.answer.Wish;
import dev.hadal.chat.ChatRequest;
import dev.hadal.chat.Tool;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** POST /v1/messages. */
final class MessagesEndpoint implements Handler {
  @Override
  public void handle(Call call) throws IOException {
    Fields fields = call.fields();
    String model = fields.requiredText("model");
    Hadal hadal = call.lease(model).model();
    ChatRequest request = Conversation.read(fields);
    boolean stream = fields.flag("stream", false);
    Chorus chorus = Answers.chat(call, hadal, request, wish(fields, hadal, request.tools()), 1);
    Generation voice = chorus.voice(0);
    ObjectNode message =
        object()
            .put("id", "msg_" + UUID.randomUUID().toString().replace("-", ""))
            .put("type", "message")
            .put("role", "assistant")
            .put("model", model);
    message.putArray("content");
    message.putNull("stop_reason").putNull("stop_sequence");
    message.set("usage", usage(voice));
    Blocks blocks = new Blocks(stream ? call.frames(Frames.SSE) : null);
    blocks.begin(message);
    for (Optional<Chorus.Said> said = chorus.next(); said.isPresent(); said = chorus.next()) {
      if (said.get().piece().isPresent()) {
        blocks.add(said.get().piece().get().event());
      }
    }
    message.set("content", blocks.end());
    message.put("stop_reason", reason(voice));
    if (!voice.stoppedBy().isEmpty()) {
      message.put("stop_sequence", voice.stoppedBy());
    }
    message.set("usage", usage(voice));
    if (stream) {
      blocks.finish(message);
    } else {
      call.json(message);
    }
  }

  private static Wish wish(Fields fields, Hadal hadal, List<Tool> tools) {
    if (!fields.has("max_tokens")) {
      throw fields.wrong("max_tokens", "how many tokens the answer may have");
    }
    List<String> stop = fields.texts("stop_sequences");
    if (stop.stream().anyMatch(String::isEmpty)) {
      throw fields.wrong("stop_sequences", "texts, none of them empty");
    }
    Wish wish = Wish.of(SamplingFields.read(fields, hadal.sampling(), "max_tokens").withStop(stop));
    Optional<Fields> thinking = fields.object("thinking");
    if (thinking.isPresent() && thinking.get().has("budget_tokens")) {
      int most = fields.integer("max_tokens", 1, Integer.MAX_VALUE).orElseThrow();
      int budget = thinking.get().integer("budget_tokens", 1, Integer.MAX_VALUE).orElseThrow();
      if (budget >= most) {
        throw thinking.get().wrong("budget_tokens", "less than max_tokens, which is " + most);
      }
      wish = wish.withThinkingTokens(budget);
    }
    Optional<Fields> choice = fields.object("tool_choice");
    if (choice.isEmpty()) {
      return wish;
    }
    return wish.withMustCall(must(fields, choice.get(), tools))
        .withOneCall(choice.get().flag("disable_parallel_tool_use", false));
  }

  private static List<Tool> must(Fields fields, Fields choice, List<Tool> tools) {
    String type = choice.oneOf("type", "auto", "any", "tool", "none").orElse("auto");
    if (type.equals("auto") || type.equals("none")) {
      return List.of();
    }
    List<Tool> meant = tools;
    if (type.equals("tool")) {
      String name = choice.requiredText("name");
      meant = tools.stream().filter(tool -> tool.name().equals(name)).toList();
    }
    if (meant.isEmpty()) {
      throw fields.wrong("tool_choice", "one of the tools beside it");
    }
    return meant;
  }

  private static String reason(Generation voice) {
    return switch (voice.finish()) {
      case "tool_calls" -> "tool_use";
      case "length" -> "max_tokens";
      default -> voice.stoppedBy().isEmpty() ? "end_turn" : "stop_sequence";
    };
  }

  private static ObjectNode usage(Generation voice) {
    return object()
        .put("input_tokens", voice.promptTokens() - voice.cachedTokens())
        .put("cache_creation_input_tokens", 0)
        .put("cache_read_input_tokens", voice.cachedTokens())
        .put("output_tokens", voice.generatedTokens());
  }

  static ObjectNode object() {
    return JsonMapper.shared().createObjectNode();
  }
}
