package dev.hadal.app.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.HadalOptions;
import dev.hadal.app.cli.TinyChat;
import dev.hadal.app.models.FolderCatalog;
import dev.hadal.app.server.Limits;
import dev.hadal.app.server.ServerOptions;
import dev.hadal.app.server.TestServer;
import dev.hadal.app.server.TestServer.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the server sends is what OpenAI's own description says, and what that description's examples
 * send is taken.
 */
@Tag("conformance")
@Timeout(120)
final class OpenAiConformanceTest {
  /** A dialect with calls and thinking; what the model says between is a story, as ever. */
  private static final String TEMPLATE =
      "{# <tool_call> <think> #}{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}"
          + "{{ opening | default('Once') }}";

  private static final String TOOLS =
      """
      {"type":"function","function":{"name":"warmth","description":"How warm it is.","parameters":
        {"type":"object","properties":{"unit":{"enum":["C","F"]}},"required":["unit"],
         "additionalProperties":false}}}\
      """;
  private static final String RESPONSE_TOOLS =
      """
      {"type":"function","name":"warmth","strict":true,"parameters":
        {"type":"object","properties":{"unit":{"enum":["C","F"]}},"required":["unit"],
         "additionalProperties":false}}\
      """;
  private static final String SCHEMA =
      """
      {"type":"object","properties":{"b":{"enum":["x","y"]}},"required":["b"],
       "additionalProperties":false}\
      """;

  @TempDir private static Path folder;

  private static OpenAiDescription description;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    description = OpenAiDescription.read();
    server =
        TestServer.start(
            new FolderCatalog().with("tiny", TinyChat.in(folder, TEMPLATE)),
            HadalOptions.defaults().withThreads(1),
            ServerOptions.local(0),
            new OpenAi());
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\"n\":2,\"seed\":1",
        "\"logprobs\":true,\"top_logprobs\":2",
        "\"tools\":[TOOLS],\"tool_choice\":\"auto\"",
        "\"tools\":[TOOLS],\"tool_choice\":\"required\",\"max_tokens\":60",
        "\"tools\":[TOOLS],\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"warmth\"}},\"max_tokens\":60",
        "\"response_format\":{\"type\":\"json_object\"},\"max_tokens\":20",
        "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a\",\"schema\":SCHEMA}},\"max_tokens\":20",
        "\"chat_template_kwargs\":{\"opening\":\"<think>\"},\"thinking_budget\":4,\"max_tokens\":30",
        "\"stop\":[\"was\"],\"max_tokens\":40,\"temperature\":0"
      })
  void chatsAreAnsweredInItsForm(String more) throws Exception {
    ObjectNode body = chat(more);

    requestsAre("CreateChatCompletionRequest", body);
    JsonNode answer = asked("/v1/chat/completions", body).json();
    hasForm("CreateChatCompletionResponse", answer);
    List<JsonNode> chunks = streamed("/v1/chat/completions", body);
    assertThat(chunks).hasSizeGreaterThan(2);
    chunks.forEach(chunk -> hasForm("CreateChatCompletionStreamResponse", chunk));
    assertThat(chunks.getLast().path("usage").isObject()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"prompt\":\"Once upon a time\"",
        "\"prompt\":[\"Once\",\"The sea\"],\"n\":2",
        "\"prompt\":[1,403,407]",
        "\"prompt\":[[1,403],[1,407,400]]",
        "\"prompt\":\"Once upon a time\",\"echo\":true,\"logprobs\":2",
        "\"prompt\":\"Once upon a time\",\"logprobs\":2",
        "\"prompt\":[1,403,407],\"echo\":true,\"logprobs\":1,\"max_tokens\":0"
      })
  void completionsAreAnsweredInItsForm(String more) throws Exception {
    ObjectNode body = object("{\"model\":\"tiny\",\"max_tokens\":6," + more + "}");

    requestsAre("CreateCompletionRequest", body);
    hasForm("CreateCompletionResponse", asked("/v1/completions", body).json());
    List<JsonNode> chunks = streamed("/v1/completions", body);
    assertThat(chunks).isNotEmpty();
    chunks.forEach(chunk -> hasForm("CreateCompletionResponse", chunk));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"input\":\"Once upon a time\"",
        "\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"Hi\"}]}],\"instructions\":\"Be kind.\",\"metadata\":{\"a\":\"b\"},\"temperature\":1",
        "\"input\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"content\":\"Hm\"},{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"warmth\",\"arguments\":\"{}\"},{\"type\":\"function_call_output\",\"call_id\":\"c\",\"output\":\"20\"}]",
        "\"input\":\"Hi\",\"tools\":[TOOLS]",
        "\"input\":\"Hi\",\"tools\":[TOOLS],\"tool_choice\":\"required\",\"max_output_tokens\":60",
        "\"input\":\"Hi\",\"tools\":[TOOLS],\"tool_choice\":{\"type\":\"function\",\"name\":\"warmth\"},\"max_output_tokens\":60",
        "\"input\":\"Hi\",\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"a\",\"schema\":SCHEMA}}",
        "\"input\":\"Hi\",\"reasoning\":{\"effort\":\"low\"}",
        "\"input\":\"Hi\",\"chat_template_kwargs\":{\"opening\":\"<think>\"},\"thinking_budget\":4,\"max_output_tokens\":30"
      })
  void responsesAreAnsweredInItsForm(String more) throws Exception {
    ObjectNode body =
        object(
            ("{\"model\":\"tiny\",\"max_output_tokens\":16," + more + "}")
                .replace("TOOLS", RESPONSE_TOOLS)
                .replace("SCHEMA", SCHEMA));

    requestsAre("CreateResponse", body);
    JsonNode answer = asked("/v1/responses", body).json();
    hasForm("Response", answer);
    String id = "/v1/responses/" + answer.path("id").asString();
    hasForm("Response", server.get(id).json());
    hasForm("ResponseItemList", server.get(id + "/input_items").json());
    Set<String> types = new TreeSet<>();
    for (JsonNode event : streamed("/v1/responses", body)) {
      String type = event.path("type").asString();
      types.add(type);
      hasForm(description.event(type), event);
    }
    assertThat(types).contains("response.created", "response.output_item.done");
  }

  @Test
  void embeddingsAndModelsAreAnsweredInItsForm() throws Exception {
    ObjectNode body = object("{\"model\":\"tiny\",\"input\":[\"a\",\"b\"],\"dimensions\":8}");

    requestsAre("CreateEmbeddingRequest", body);
    hasForm("CreateEmbeddingResponse", asked("/v1/embeddings", body).json());
    hasForm("ListModelsResponse", server.get("/v1/models").json());
    hasForm("Model", server.get("/v1/models/tiny").json());
  }

  @Test
  void aFieldThatIsMissingWouldBeFound() throws Exception {
    ObjectNode answer = (ObjectNode) asked("/v1/chat/completions", chat("")).json();
    ((ObjectNode) answer.at("/choices/0/message")).remove("content");
    ObjectNode event = object("{\"type\":\"response.output_text.delta\",\"delta\":7}");

    assertThat(description.faults("CreateChatCompletionResponse", answer)).isNotEmpty();
    assertThat(description.faults(description.event("response.output_text.delta"), event))
        .hasSizeGreaterThan(1);
  }

  @Test
  void aStreamThatFailsEndsWithItsError(@TempDir Path other) throws Exception {
    ServerOptions hasty =
        ServerOptions.local(0).withLimits(Limits.defaults().withAnswerTime(Duration.ofMillis(300)));
    try (TestServer server =
        TestServer.start(
            new FolderCatalog().with("tiny", TinyChat.in(other)),
            HadalOptions.defaults().withThreads(1).withContextLength(50_000),
            hasty,
            new OpenAi())) {
      String endless = "{\"type\":\"array\",\"items\":{\"enum\":[\"a\"]},\"minItems\":9000}";
      String text =
          server
              .post(
                  "/v1/responses",
                  "{\"model\":\"tiny\",\"input\":\"Hi\",\"stream\":true,\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"a\",\"schema\":"
                      + endless
                      + "}}}")
              .text();
      JsonNode last = object(text.substring(text.lastIndexOf("data: ") + 6));

      assertThat(last.path("code").asString()).isEqualTo("deadline_exceeded");
      assertThat(last.at("/error/code").asString()).isEqualTo("deadline_exceeded");
      hasForm(description.event("error"), last);
    }
  }

  @Test
  void failuresAreToldInItsForm() throws Exception {
    Answer unknown = server.post("/v1/completions", "{\"model\":\"no\",\"prompt\":\"x\"}");
    assertThat(unknown.status()).isEqualTo(404);
    hasForm("ErrorResponse", unknown.json());
  }

  /** All that its examples show but pictures, files and tools that OpenAI runs. */
  @ParameterizedTest
  @ValueSource(strings = {"/chat/completions", "/completions", "/responses", "/embeddings"})
  void itsOwnExamplesAreTaken(String path) throws Exception {
    int taken = 0;
    for (JsonNode example : description.examples(path)) {
      ObjectNode body = (ObjectNode) example;
      body.put("model", "tiny");
      if (path.equals("/responses")) {
        body.put("max_output_tokens", 4);
      } else if (!path.equals("/embeddings")) {
        body.put("max_tokens", 4);
      }
      Answer answer = server.post("/v1" + path, body.toString());
      String text = body.toString();
      if (text.contains("image") || text.contains("input_file") || text.contains("_search")) {
        assertThat(answer.status()).as(text).isEqualTo(400);
        assertThat(answer.text()).contains("not supported here");
      } else {
        assertThat(answer.status()).as("%s: %s", text, answer.text()).isEqualTo(200);
        taken++;
      }
    }
    assertThat(taken).isPositive();
  }

  private static ObjectNode chat(String more) {
    String wish =
        more.isEmpty() ? "" : "," + more.replace("TOOLS", TOOLS).replace("SCHEMA", SCHEMA);
    return object(
        "{\"model\":\"tiny\",\"max_tokens\":8,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]"
            + wish
            + "}");
  }

  private static ObjectNode object(String json) {
    return (ObjectNode) JsonMapper.shared().readTree(json);
  }

  private static void requestsAre(String schema, JsonNode body) {
    assertThat(description.faults(schema, body)).as("%s", body).isEmpty();
  }

  private static void hasForm(String schema, JsonNode body) {
    assertThat(description.faults(schema, body)).as("%s %s", schema, body).isEmpty();
  }

  private static Answer asked(String path, JsonNode body) throws Exception {
    Answer answer = server.post(path, body.toString());
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer;
  }

  private static List<JsonNode> streamed(String path, ObjectNode body) throws Exception {
    ObjectNode wish = body.deepCopy().put("stream", true);
    if (!path.endsWith("responses")) {
      wish.putObject("stream_options").put("include_usage", true);
    }
    List<JsonNode> events = new ArrayList<>();
    asked(path, wish)
        .text()
        .lines()
        .filter(line -> line.startsWith("data: {"))
        .forEach(line -> events.add(JsonMapper.shared().readTree(line.substring(6))));
    return events;
  }
}
