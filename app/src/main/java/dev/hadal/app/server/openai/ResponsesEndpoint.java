package dev.hadal.app.server.openai;

import dev.hadal.Hadal;
import dev.hadal.app.server.Call;
import dev.hadal.app.server.Failure;
import dev.hadal.app.server.Fields;
import dev.hadal.app.server.Frames;
import dev.hadal.app.server.answer.Answers;
import dev.hadal.app.server.answer.Chorus;
import dev.hadal.app.server.answer.Generation;
import dev.hadal.app.server.answer.ModelField;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * /v1/responses: answers that can be gone on with by their id. The latest are kept, in memory.
 * Source: OpenAI API reference, Responses.
 */
final class ResponsesEndpoint {
  private static final int KEPT = 1000;

  /** What the answer repeats of the request. */
  private static final List<String> REPEATED =
      List.of(
          "instructions",
          "max_output_tokens",
          "temperature",
          "top_p",
          "metadata",
          "previous_response_id");

  private final Map<String, Kept> kept =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Kept> eldest) {
          return size() > KEPT;
        }
      };

  /**
   * A response and what went before it.
   *
   * @param input the items it was asked with
   * @param messages the conversation up to its end, without instructions
   */
  private record Kept(ObjectNode response, ArrayNode input, ArrayNode messages) {}

  void create(Call call) throws IOException {
    Fields fields = call.fields();
    String model = ModelField.read(call, fields);
    ArrayNode before = before(fields);
    ObjectNode asked = ResponseFields.chat(fields, before);
    Hadal hadal = call.lease(model).model();
    ChatFields chat = ChatFields.read(Fields.of(asked), hadal.sampling());
    Chorus chorus = Answers.chat(call, hadal, chat.request(), chat.wish(), 1);
    Generation voice = chorus.voice(0);
    ObjectNode response = begun(fields, model);
    ResponseItems items = new ResponseItems(chat.stream() ? call.frames(Frames.SSE) : null);
    call.whenStreamFails(failure -> items.fail(OpenAi.told(failure)));
    items.tell("response.created", response);
    items.tell("response.in_progress", response);
    for (Optional<Chorus.Said> said = chorus.next(); said.isPresent(); said = chorus.next()) {
      if (said.get().piece().isPresent()) {
        items.add(said.get().piece().get().event());
      }
    }
    items.end();
    ended(response, items, voice);
    if (fields.flag("store", true)) {
      keep(fields, response, before);
    }
    items.tell("response." + response.path("status").asString(), response);
    if (!chat.stream()) {
      call.json(response);
    }
  }

  void get(Call call) {
    call.json(find(call).response());
  }

  void delete(Call call) {
    find(call);
    synchronized (kept) {
      kept.remove(call.path("id"));
    }
    call.json(
        Json.object()
            .put("id", call.path("id"))
            .put("object", "response.deleted")
            .put("deleted", true));
  }

  void inputItems(Call call) {
    ArrayNode input = find(call).input();
    ObjectNode list = Json.object().put("object", "list").put("has_more", false);
    list.set("first_id", input.path(0).path("id"));
    list.set("last_id", input.path(input.size() - 1).path("id"));
    list.set("data", input);
    call.json(list);
  }

  private Kept find(Call call) {
    return find(call.path("id"), "id");
  }

  private Kept find(String id, String param) {
    Kept found;
    synchronized (kept) {
      found = kept.get(id);
    }
    if (found == null) {
      throw new Failure(
              Failure.Kind.NOT_FOUND,
              "no response '%s' is kept; it was not stored, or too many came after it"
                  .formatted(id),
              param,
              Optional.empty())
          .exception();
    }
    return found;
  }

  private ArrayNode before(Fields fields) {
    return fields
        .text("previous_response_id")
        .map(id -> find(id, "previous_response_id").messages())
        .orElseGet(Json::array);
  }

  private static ObjectNode begun(Fields fields, String model) {
    ObjectNode response =
        Json.object()
            .put("id", Json.id("resp_"))
            .put("object", "response")
            .put("created_at", Json.now())
            .put("status", "in_progress")
            .put("model", model)
            .putNull("error")
            .putNull("incomplete_details")
            .put("store", fields.flag("store", true))
            .put("parallel_tool_calls", fields.flag("parallel_tool_calls", true))
            .put("truncation", "disabled");
    for (String name : REPEATED) {
      JsonNode value = fields.node(name);
      response.set(name, value == null ? NullNode.getInstance() : value);
    }
    fields.text("user").ifPresent(user -> response.put("user", user));
    response.putObject("reasoning").putNull("effort").putNull("summary");
    response.putObject("text").putObject("format").put("type", "text");
    for (String name : List.of("reasoning", "text")) {
      if (fields.has(name)) {
        response.set(name, fields.node(name));
      }
    }
    JsonNode choice = fields.node("tool_choice");
    response.set("tool_choice", choice == null ? StringNode.valueOf("auto") : choice);
    ArrayNode tools = response.putArray("tools");
    for (Fields tool : fields.objects("tools")) {
      ObjectNode told = tools.addObject();
      told.putNull("parameters").putNull("strict");
      told.setAll((ObjectNode) tool.json());
    }
    response.putArray("output");
    return response;
  }

  private static void ended(ObjectNode response, ResponseItems items, Generation voice) {
    boolean cut = voice.finish().equals("length");
    response.put("status", cut ? "incomplete" : "completed");
    if (cut) {
      response.putObject("incomplete_details").put("reason", "max_output_tokens");
    }
    response.set("output", items.items());
    ObjectNode usage = response.putObject("usage");
    usage.put("input_tokens", voice.promptTokens());
    usage
        .putObject("input_tokens_details")
        .put("cached_tokens", voice.cachedTokens())
        .put("cache_write_tokens", 0);
    usage.put("output_tokens", voice.generatedTokens());
    usage.putObject("output_tokens_details").put("reasoning_tokens", voice.thinkingTokens());
    usage.put("total_tokens", voice.promptTokens() + voice.generatedTokens());
  }

  private void keep(Fields fields, ObjectNode response, ArrayNode before) {
    ArrayNode messages = Json.array();
    messages.addAll(before);
    messages.addAll(ResponseFields.input(fields));
    ObjectNode items = Json.object();
    items.set("input", response.path("output"));
    if (!response.path("output").isEmpty()) {
      messages.addAll(ResponseFields.input(Fields.of(items)));
    }
    synchronized (kept) {
      kept.put(response.path("id").asString(), new Kept(response, InputItems.of(fields), messages));
    }
  }
}
