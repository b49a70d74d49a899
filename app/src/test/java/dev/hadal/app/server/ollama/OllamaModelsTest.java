package dev.hadal.app.server.ollama;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.HadalOptions;
import dev.hadal.app.cli.TinyChat;
import dev.hadal.app.hub.FakeHub;
import dev.hadal.app.hub.HubSettings;
import dev.hadal.app.hub.Library;
import dev.hadal.app.hub.ModelName;
import dev.hadal.app.models.Catalog;
import dev.hadal.app.models.FolderCatalog;
import dev.hadal.app.server.ServerOptions;
import dev.hadal.app.server.TestServer;
import dev.hadal.app.server.TestServer.Answer;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Ollama's endpoints for the models themselves, against a hub in this process. */
@Timeout(60)
final class OllamaModelsTest {
  private static final String NAME = "hf.co/org/repo:Q8_0";

  @TempDir private Path home;

  private FakeHub hub;
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    Path tiny = TinyChat.in(home);
    hub = new FakeHub().with("m-Q8_0.gguf", Files.readAllBytes(tiny));
    HubSettings settings =
        HubSettings.of(
            Map.of("HF_ENDPOINT", hub.address().toString()), home, home.resolve(".cache/own"));
    server =
        TestServer.start(
            new Both(new FolderCatalog().with("tiny", tiny), new Library(settings)),
            HadalOptions.defaults().withThreads(1),
            ServerOptions.local(0),
            new Ollama(settings));
  }

  @AfterEach
  void stop() {
    server.close();
    hub.close();
  }

  /** A served model, and those that were pulled. */
  private record Both(FolderCatalog served, Library library) implements Catalog {
    @Override
    public Optional<Entry> find(String name) throws IOException {
      Optional<Entry> own = served.find(name);
      Optional<ModelName> parsed = own.isPresent() ? Optional.empty() : ModelName.parse(name);
      return parsed.isEmpty() ? own : library.find(parsed.get()).map(Both::entry);
    }

    @Override
    public List<Entry> list() throws IOException {
      List<Entry> all = new ArrayList<>(served.list());
      library.list().stream().map(Both::entry).forEach(all::add);
      return all;
    }

    private static Entry entry(Library.Entry e) {
      return new Entry(e.name().typed(), e.path(), e.bytes(), e.fetched());
    }
  }

  @Test
  void aPullTellsHowFarItIsAndTheModelAnswersThen() throws Exception {
    List<JsonNode> lines = lines(post("/api/pull", "{\"model\":\"" + NAME + "\"}"));

    assertThat(lines.getFirst().path("status").asString()).isEqualTo("pulling manifest");
    assertThat(lines.getLast().path("status").asString()).isEqualTo("success");
    assertThat(lines)
        .anySatisfy(line -> {
          assertThat(line.path("digest").asString()).matches("sha256:[0-9a-f]{64}");
          assertThat(line.path("status").asString()).matches("pulling [0-9a-f]{12}");
          assertThat(line.path("completed").asLong()).isEqualTo(line.path("total").asLong(-1));
        });
    assertThat(names()).containsExactly("tiny:latest", NAME);
    Answer chat =
        post(
            "/api/chat",
            "{\"model\":\""
                + NAME
                + "\",\"stream\":false,\"options\":{\"num_predict\":2},\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
    assertThat(chat.status()).as(chat.text()).isEqualTo(200);
  }

  @Test
  void aPullWithoutAStreamSaysOnlyThatItIsDone() throws Exception {
    Answer done = post("/api/pull", "{\"name\":\"" + NAME + "\",\"stream\":false}");

    assertThat(done.json().path("status").asString()).isEqualTo("success");
    assertThat(post("/api/pull", "{\"model\":\"tiny\",\"stream\":false}").status()).isEqualTo(200);
  }

  @Test
  void anotherFileOfARepositoryIsPulledBesideTheFirst() throws Exception {
    hub.with("m-Q4_0.gguf", FakeHub.model(5_000, 2));
    for (String quantization : List.of("Q8_0", "Q4_0")) {
      String body = "{\"stream\":false,\"model\":\"hf.co/org/repo:" + quantization + "\"}";
      assertThat(post("/api/pull", body).text()).contains("success");
    }
    assertThat(delete("hf.co/org/repo:Q4_0").status()).isEqualTo(200);
    assertThat(names()).containsExactly("tiny:latest", NAME);
  }

  @Test
  void whatTheHubHasNotIsToldAsAnError() throws Exception {
    Answer unknown = post("/api/pull", "{\"model\":\"hf.co/org/other\",\"stream\":false}");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.json().path("error").asString()).contains("org/other");
    List<JsonNode> lines = lines(post("/api/pull", "{\"model\":\"hf.co/org/other\"}"));
    assertThat(lines.getLast().path("error").asString()).contains("org/other");
    assertThat(post("/api/pull", "{\"model\":\"/etc/passwd\"}").status()).isEqualTo(400);
  }

  @Test
  void aPullEndsWhenItsClientHangsUpAndTheNextGoesOn() throws Exception {
    hub.holdingAfter(0);
    String body = "{\"model\":\"" + NAME + "\"}";
    try (Socket client = new Socket(server.at("/").getHost(), server.at("/").getPort())) {
      String request =
          "POST /api/pull HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s"
              .formatted(body.length(), body);
      client.getOutputStream().write(request.getBytes(UTF_8));
      client.getOutputStream().flush();
      hub.awaitHeld();
    }

    awaitEnd("POST /api/pull", "499");
    hub.release();

    assertThat(lines(post("/api/pull", body)).getLast().path("status").asString())
        .isEqualTo("success");
  }

  /** Returns when so a request has ended; the test's own timeout ends the wait. */
  private void awaitEnd(String endpoint, String status) throws Exception {
    String line =
        "hadal:http_requests_total{endpoint=\"%s\",status=\"%s\"} 1".formatted(endpoint, status);
    while (!server.get("/metrics").text().contains(line)) {
      Thread.sleep(20);
    }
  }

  @Test
  void aCopyHasALifeOfItsOwn() throws Exception {
    post("/api/pull", "{\"model\":\"" + NAME + "\",\"stream\":false}");
    assertThat(copy(NAME, "mine").status()).isEqualTo(200);
    assertThat(copy("mine", "mine:v2").status()).isEqualTo(200);
    assertThat(copy("tiny", "small").status()).isEqualTo(200);

    assertThat(delete(NAME).status()).isEqualTo(200);

    assertThat(names())
        .containsExactlyInAnyOrder("tiny:latest", "mine:latest", "mine:v2", "small:latest");
    assertThat(post("/api/generate", "{\"model\":\"mine\"}").json().path("done_reason").asString())
        .isEqualTo("load");
    assertThat(delete("mine").status()).isEqualTo(200);
    assertThat(delete("mine").status()).isEqualTo(404);
    assertThat(names()).containsExactlyInAnyOrder("tiny:latest", "mine:v2", "small:latest");
  }

  @Test
  void namesAreNeverPathsAndServedModelsStay() throws Exception {
    for (String name : List.of("../x", "/tmp/x", "a/b/c", "hf.co/a/b", "x:../y", "..", "x\\\\y")) {
      assertThat(copy("tiny", name).status()).as(name).isEqualTo(400);
    }
    assertThat(copy("tiny", "tiny").status()).isEqualTo(400);
    assertThat(copy("tiny", "tiny:latest").status()).isEqualTo(400);
    assertThat(copy("/etc/passwd", "x").status()).isIn(400, 404);
    Answer served = delete("tiny");
    assertThat(served.status()).isEqualTo(400);
    assertThat(served.text()).contains("was not pulled");
  }

  @Test
  void aModelIsShownWithoutBeingLoaded() throws Exception {
    JsonNode shown = post("/api/show", "{\"model\":\"tiny\"}").json();

    assertThat(shown.at("/details/format").asString()).isEqualTo("gguf");
    assertThat(shown.at("/details/family").asString()).isEqualTo("llama");
    assertThat(shown.at("/details/parameter_size").asString()).matches("2\\d\\d\\.\\d\\dK");
    assertThat(shown.at("/model_info/general.architecture").asString()).isEqualTo("llama");
    assertThat(shown.at("/model_info/llama.context_length").asInt()).isEqualTo(512);
    assertThat(shown.path("template").asString()).contains("add_generation_prompt");
    assertThat(shown.path("capabilities").get(0).asString()).isEqualTo("completion");
    assertThat(shown.at("/model_info/tokenizer.ggml.tokens").isNull()).isTrue();
    assertThat(server.get("/api/ps").json().path("models")).isEmpty();
    assertThat(
            post("/api/show", "{\"model\":\"tiny\",\"verbose\":true}")
                .json()
                .at("/model_info/tokenizer.ggml.tokens"))
        .hasSize(512);
    assertThat(post("/api/show", "{\"model\":\"nobody\"}").status()).isEqualTo(404);
  }

  @Test
  void aDamagedModelIsListedAllTheSame() throws Exception {
    hub.with("b-Q4_0.gguf", FakeHub.model(5_000, 2));
    post("/api/pull", "{\"model\":\"hf.co/org/repo:Q4_0\",\"stream\":false}");

    JsonNode models = server.get("/api/tags").json().path("models");

    assertThat(models).hasSize(2);
    assertThat(models.get(1).at("/details/format").asString()).isEqualTo("unknown");
    assertThat(models.get(0).path("digest").asString()).hasSize(64);
    assertThat(models.get(0).at("/details/quantization_level").asString()).isNotEmpty();
  }

  @Test
  void whatIsNotDoneHereSaysWhatIs() throws Exception {
    assertThat(server.get("/api/version").json().path("version").asString())
        .matches("\\d+\\.\\d+\\.\\d+");
    for (String path : List.of("push", "create")) {
      Answer answer = post("/api/" + path, "{\"model\":\"tiny\"}");
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.json().path("error").asString()).contains("not supported here");
    }
  }

  private Answer copy(String source, String destination) throws Exception {
    return post(
        "/api/copy", "{\"source\":\"%s\",\"destination\":\"%s\"}".formatted(source, destination));
  }

  private Answer delete(String name) throws Exception {
    return server.send("DELETE", "/api/delete", "{\"model\":\"" + name + "\"}");
  }

  private Answer post(String path, String body) throws Exception {
    return server.post(path, body);
  }

  private List<String> names() throws Exception {
    List<String> names = new ArrayList<>();
    server
        .get("/api/tags")
        .json()
        .path("models")
        .forEach(m -> names.add(m.path("name").asString()));
    return names;
  }

  private static List<JsonNode> lines(Answer answer) {
    return answer.text().lines().map(line -> JsonMapper.shared().readTree(line)).toList();
  }
}
