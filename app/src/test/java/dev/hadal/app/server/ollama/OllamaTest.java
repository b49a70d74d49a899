package dev.hadal.app.server.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.HadalOptions;
import dev.hadal.app.cli.TinyChat;
import dev.hadal.app.hub.HubSettings;
import dev.hadal.app.models.FolderCatalog;
import dev.hadal.app.server.Fuzz;
import dev.hadal.app.server.ServerOptions;
import dev.hadal.app.server.TestServer;
import dev.hadal.app.server.TestServer.Answer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Ollama's endpoints for answers on a real server with the small storyteller. */
@Timeout(60)
final class OllamaTest {
  private static final String USER =
      "\"messages\":[{\"role\":\"user\",\"content\":\"Once upon a time\"}]";
  private static final String GREEDY = ",\"options\":{\"num_predict\":8,\"temperature\":0}";

  @TempDir private Path folder;

  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    HubSettings hub = HubSettings.of(Map.of("HF_HUB_OFFLINE", "1"), folder, folder.resolve("hub"));
    server = TestServer.start(folder, new Ollama(hub));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aChatStreamsALineAPieceAndCountsAtItsEnd() throws Exception {
    String whole =
        chat(USER + GREEDY + ",\"stream\":false").json().at("/message/content").asString();

    Answer streamed = chat(USER + GREEDY);
    List<JsonNode> lines = lines(streamed);

    assertThat(streamed.header("Content-Type")).isEqualTo("application/x-ndjson");
    assertThat(text(lines, "/message/content")).isEqualTo(whole).isNotEmpty();
    assertThat(lines.subList(0, lines.size() - 1))
        .allSatisfy(line -> assertThat(line.path("done").asBoolean()).isFalse());
    JsonNode last = lines.getLast();
    assertThat(last.path("done").asBoolean()).isTrue();
    assertThat(last.path("done_reason").asString()).isEqualTo("length");
    assertThat(last.path("eval_count").asInt()).isEqualTo(8);
    assertThat(last.path("prompt_eval_count").asInt()).isPositive();
    assertThat(last.path("total_duration").asLong())
        .isGreaterThanOrEqualTo(last.path("load_duration").asLong());
    assertThat(last.path("eval_duration").asLong()).isPositive();
    assertThat(Instant.parse(last.path("created_at").asString()))
        .isBefore(Instant.now().plusSeconds(1));
  }

  @Test
  void latestIsMeantWhereNoTagIsNamed() throws Exception {
    Answer answer =
        server.post(
            "/api/chat", "{\"model\":\"tiny:latest\",\"stream\":false," + USER + GREEDY + "}");

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.json().path("model").asString()).isEqualTo("tiny:latest");
  }

  @Test
  void withoutMessagesTheModelIsLoadedOrPutAway() throws Exception {
    assertThat(chat("\"keep_alive\":\"1h30m\"").json().path("done_reason").asString())
        .isEqualTo("load");
    JsonNode loaded = server.get("/api/ps").json().at("/models/0");
    assertThat(loaded.path("name").asString()).isEqualTo("tiny:latest");
    assertThat(Instant.parse(loaded.path("expires_at").asString()))
        .isBetween(Instant.now().plusSeconds(5000), Instant.now().plusSeconds(5400));

    assertThat(generate("\"keep_alive\":-1").json().path("done_reason").asString())
        .isEqualTo("load");
    assertThat(generate("\"keep_alive\":0").json().path("done_reason").asString())
        .isEqualTo("unload");
    assertThat(server.get("/api/ps").json().path("models")).isEmpty();
  }

  @Test
  void aFormatHoldsTheAnswer() throws Exception {
    String schema =
        "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":99}},\"required\":[\"n\"]}";
    String answer =
        chat(USER + ",\"stream\":false,\"options\":{\"num_predict\":60},\"format\":" + schema)
            .json()
            .at("/message/content")
            .asString();

    assertThat(JsonMapper.shared().readTree(answer).path("n").asInt(-1)).isBetween(0, 99);
    assertThat(chat(USER + ",\"format\":\"xml\"").text()).contains("format");
    assertThat(chat(USER + ",\"format\":{\"type\":\"array\",\"uniqueItems\":true}").text())
        .contains("uniqueItems");
  }

  @Test
  void toolsAndTheirCallsAreReadAndImagesRefusedByName() throws Exception {
    Answer answer =
        chat(
            """
            "stream":false,"options":{"num_predict":2},"think":false,
            "tools":[{"type":"function","function":{"name":"warmth","description":"How warm",
              "parameters":{"type":"object","properties":{"city":{"type":"string"}}}}}],
            "messages":[{"role":"system","content":"Be kind."},
              {"role":"user","content":"How warm is it?","images":[]},
              {"role":"assistant","content":"","thinking":"Hm","tool_calls":[
                {"function":{"name":"warmth","arguments":{"city":"Oslo"}}}]},
              {"role":"tool","tool_name":"warmth","content":"20"}]\
            """);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);

    Answer image =
        chat("\"messages\":[{\"role\":\"user\",\"content\":\"?\",\"images\":[\"aGk=\"]}]");
    assertThat(image.status()).isEqualTo(400);
    assertThat(image.json().path("error").asString()).contains("messages[0].images");
  }

  @Test
  void aCallIsToldWithItsArgumentsAsAnObject() throws Exception {
    server.close();
    Path llama =
        TinyChat.in(
            folder,
            "{# <|start_header_id|> \"parameters\" #}{% for m in messages %}{{ m.content }}\n{% endfor %}");
    server =
        TestServer.start(
            new FolderCatalog().with("tiny", llama),
            HadalOptions.defaults().withThreads(1),
            ServerOptions.local(0),
            new Ollama(
                HubSettings.of(Map.of("HF_HUB_OFFLINE", "1"), folder, folder.resolve("hub"))));
    String wish =
        USER
            + """
            ,"options":{"num_predict":60},"tools":[{"type":"function","function":{"name":"f"}}],
            "format":{"type":"object","properties":{"name":{"enum":["f"]},"parameters":{"type":"object",
             "properties":{"n":{"type":"integer","minimum":0,"maximum":9}},"required":["n"]}},
             "required":["name","parameters"]}\
            """;

    JsonNode whole = chat(wish + ",\"stream\":false").json();
    List<JsonNode> lines = lines(chat(wish));

    assertThat(whole.at("/message/tool_calls/0/function/name").asString()).isEqualTo("f");
    assertThat(whole.at("/message/tool_calls/0/function/arguments/n").isInt()).isTrue();
    assertThat(lines)
        .anySatisfy(line ->
            assertThat(line.at("/message/tool_calls/0/function/arguments/n").isInt()).isTrue());
    assertThat(lines.getLast().path("done_reason").asString()).isEqualTo("stop");
  }

  @Test
  void generateGoesOnInItsContext() throws Exception {
    JsonNode first = generate("\"prompt\":\"Once upon a time\",\"stream\":false" + GREEDY).json();
    JsonNode second =
        generate(
                "\"prompt\":\"And then\",\"stream\":false,\"context\":"
                    + first.path("context")
                    + GREEDY)
            .json();

    assertThat(first.path("response").asString()).isNotEmpty();
    assertThat(first.path("context").size()).isGreaterThan(8);
    assertThat(second.path("prompt_eval_count").asInt())
        .isGreaterThan(first.path("context").size());
    assertThat(second.path("context").size()).isGreaterThan(first.path("context").size());
    List<JsonNode> lines = lines(generate("\"prompt\":\"Once upon a time\"" + GREEDY));
    assertThat(text(lines, "/response")).isEqualTo(first.path("response").asString());
    assertThat(lines.getLast().path("context")).isEqualTo(first.path("context"));
  }

  @Test
  void generateTakesSystemTemplateAndRawText() throws Exception {
    int plain = prompt("\"prompt\":\"Hello\"");

    assertThat(prompt("\"prompt\":\"Hello\",\"system\":\"Be very kind.\"")).isGreaterThan(plain);
    assertThat(
            prompt("\"prompt\":\"Hello\",\"template\":\"{{ messages[0].content }}!!!!!!!!!!!!\""))
        .isNotEqualTo(plain);
    assertThat(prompt("\"prompt\":\"Hello\",\"raw\":true")).isLessThan(plain);
    assertThat(
            generate("\"prompt\":\"Hello\",\"raw\":true,\"stream\":false" + GREEDY)
                .json()
                .has("context"))
        .isFalse();
    assertThat(generate("\"prompt\":\"Hi\",\"template\":\"{{ .Prompt }}\"").text())
        .contains("Jinja");
    assertThat(
            generate("\"prompt\":\"def f\",\"suffix\":\"return\"").json().path("error").asString())
        .contains("suffix");
    assertThat(generate("\"prompt\":\"?\",\"images\":[\"aGk=\"]").text()).contains("images");
  }

  private int prompt(String wish) throws Exception {
    Answer answer = generate(wish + ",\"stream\":false,\"options\":{\"num_predict\":1}");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json().path("prompt_eval_count").asInt();
  }

  @Test
  void optionsSteerAndWhatIsNotKnownHereIsRefusedByName() throws Exception {
    String stop =
        chat(USER
                + ",\"stream\":false,\"options\":{\"num_predict\":60,\"temperature\":0,\"stop\":[\"was\"],\"num_ctx\":4096,\"seed\":-1,\"repeat_penalty\":1.1}")
            .json()
            .path("done_reason")
            .asString();
    assertThat(stop).isEqualTo("stop");
    for (String wrong :
        List.of(
            "\"mirostat\":2",
            "\"temperature\":\"hot\"",
            "\"num_predict\":0",
            "\"top_p\":7",
            "\"stop\":[1]",
            "\"num_ctx\":\"x\"")) {
      Answer answer = chat(USER + ",\"options\":{" + wrong + "}");
      assertThat(answer.status()).as(wrong).isEqualTo(400);
      assertThat(answer.json().path("error").asString()).as(wrong).contains("options.");
    }
    assertThat(chat(USER + ",\"keep_alive\":\"soon\"").text()).contains("keep_alive");
    assertThat(chat(USER + ",\"think\":\"hard\"").text()).contains("think");
  }

  @Test
  void textsBecomeVectorsOfLengthOne() throws Exception {
    JsonNode two =
        server
            .post("/api/embed", "{\"model\":\"tiny\",\"input\":[\"one\",\"two\"],\"dimensions\":8}")
            .json();
    JsonNode old = server.post("/api/embeddings", "{\"model\":\"tiny\",\"prompt\":\"one\"}").json();

    assertThat(two.path("embeddings")).hasSize(2);
    assertThat(two.at("/embeddings/0")).hasSize(8);
    assertThat(two.path("prompt_eval_count").asInt()).isPositive();
    double square = 0;
    for (JsonNode number : old.path("embedding")) {
      square += number.asDouble() * number.asDouble();
    }
    assertThat(square).isBetween(0.999, 1.001);
    String much = "again and again ".repeat(300);
    assertThat(
            server.post("/api/embed", "{\"model\":\"tiny\",\"input\":\"" + much + "\"}").status())
        .isEqualTo(200);
    assertThat(
            server
                .post(
                    "/api/embed",
                    "{\"model\":\"tiny\",\"truncate\":false,\"input\":\"" + much + "\"}")
                .status())
        .isEqualTo(400);
  }

  @Test
  void brokenBodiesGetAReasonAndNeverBreakIt() throws Exception {
    Fuzz fuzz =
        new Fuzz(
            "\"model\":\"tiny\"",
            "\"model\":\"tiny\",\"options\":{\"num_predict\":2}",
            "\"model\":\"tiny:latest\",\"stream\":false,\"options\":{\"num_predict\":2}," + USER,
            "\"model\":\"../../etc/passwd\"",
            "\"model\":\"hf.co/../..:x\"",
            "\"model\":\"http://[\"",
            "\"model\":\"\\u0000\"",
            "\"model\":{}",
            "\"name\":\"nobody:7b\"",
            "\"source\":\"tiny\"",
            "\"source\":\"/etc/passwd\"",
            "\"source\":\"tiny\",\"destination\":\"../x\"",
            "\"destination\":7",
            "\"messages\":[{}]",
            "\"messages\":[[]]",
            "\"messages\":[{\"role\":\"king\",\"content\":\"x\"}]",
            "\"messages\":[{\"role\":\"assistant\",\"content\":\"x\"}]",
            "\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}]",
            "\"prompt\":\"Once\",\"options\":{\"num_predict\":2}",
            "\"prompt\":[]",
            "\"suffix\":\"x\"",
            "\"template\":\"{% for\"",
            "\"template\":\"{{ 1/0 }}\"",
            "\"context\":[-1]",
            "\"context\":[1,403]",
            "\"context\":{}",
            "\"raw\":true",
            "\"raw\":\"yes\"",
            "\"input\":[[]]",
            "\"input\":\"\"",
            "\"input\":[]",
            "\"dimensions\":999999",
            "\"truncate\":1",
            "\"keep_alive\":\"5m\"",
            "\"keep_alive\":\"1e999h\"",
            "\"keep_alive\":1e300",
            "\"keep_alive\":[]",
            "\"options\":7",
            "\"options\":{\"num_predict\":2,\"temperature\":-1}",
            "\"options\":{\"num_predict\":2,\"seed\":1.5}",
            "\"format\":\"json\"",
            "\"format\":{\"$ref\":\"#/nowhere\"}",
            "\"format\":[]",
            "\"think\":7",
            "\"tools\":[{}]",
            "\"tools\":{}",
            "\"images\":{}",
            "\"stream\":\"no\"",
            "\"verbose\":1");
    for (String path :
        List.of(
            "chat", "generate", "embed", "embeddings", "show", "copy", "pull", "push", "create")) {
      fuzz.run(server, 80, "POST", "/api/" + path);
    }
    fuzz.run(server, 80, "DELETE", "/api/delete");
    assertThat(chat(USER + GREEDY).status()).isEqualTo(200);
  }

  private Answer chat(String more) throws Exception {
    return server.post("/api/chat", "{\"model\":\"tiny\"," + more + "}");
  }

  private Answer generate(String more) throws Exception {
    return server.post("/api/generate", "{\"model\":\"tiny\"," + more + "}");
  }

  private static List<JsonNode> lines(Answer answer) {
    return answer.text().lines().map(line -> JsonMapper.shared().readTree(line)).toList();
  }

  private static String text(List<JsonNode> lines, String pointer) {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line.at(pointer).asString("")));
    return text.toString();
  }
}
