package dev.hadal.app.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.app.hub.FakeHub;
import dev.hadal.app.server.ServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Models, pulls and comparisons. */
@Timeout(60)
final class ModelsTest {
  private static final byte[] MODEL = FakeHub.model(1_000_003, 1);

  @TempDir private Path folder;
  private FakeHub hub;
  private PageServer server;

  @BeforeEach
  void start() throws IOException {
    hub = new FakeHub().with("m-Q8_0.gguf", MODEL).with("m-Q4_K_M.gguf", FakeHub.model(5_000, 2));
    server = start(Long.MAX_VALUE);
  }

  private PageServer start(long budget) throws IOException {
    return PageServer.start(
        folder,
        ServerOptions.local(0).withGrace(Duration.ZERO),
        Map.of("HF_ENDPOINT", hub.address().toString(), "HF_HOME", folder.resolve("hf").toString()),
        budget,
        16);
  }

  @AfterEach
  void close() {
    server.close();
    hub.close();
  }

  private JsonNode model(String name) throws Exception {
    for (JsonNode m : server.get("/models").json().path("models").values()) {
      if (m.path("name").asString().equals(name)) {
        return m;
      }
    }
    throw new AssertionError("no model " + name);
  }

  @Test
  void theListSaysWhatThereIsAndWhatItTakes() throws Exception {
    JsonNode all = server.get("/models").json();
    assertThat(all.path("memory").path("total_bytes").asLong()).isPositive();
    assertThat(all.path("memory").path("available_bytes").asLong()).isPositive();
    assertThat(all.path("disk").path("free_bytes").asLong()).isPositive();
    JsonNode tiny = all.path("models").path(0);
    assertThat(tiny.propertyNames())
        .containsExactlyInAnyOrder(
            "name",
            "label",
            "architecture",
            "parameters",
            "quantization",
            "size_bytes",
            "context_length",
            "modified",
            "source",
            "state",
            "progress",
            "memory_bytes",
            "answering",
            "expires",
            "pinned",
            "error",
            "thinking",
            "default",
            "deletable");
    assertThat(tiny.path("name").asString()).isEqualTo("tiny");
    assertThat(tiny.path("architecture").asString()).isEqualTo("llama");
    assertThat(tiny.path("parameters").asLong()).isPositive();
    assertThat(tiny.path("default").asBoolean()).isTrue();
    assertThat(tiny.path("source").asString()).isEqualTo("builtin");
    assertThat(tiny.path("state").asString()).isEqualTo("idle");
    assertThat(model("other").path("source").asString()).isEqualTo("file");
    assertThat(model("broken").path("parameters").isNull()).isTrue();
  }

  @Test
  void aModelIsLoadedAndUnloadedAndTabsHearOfIt() throws Exception {
    try (Listening tab = server.listen()) {
      tab.await("hello");
      assertThat(server.post("/models/load", "{\"name\":\"other\"}").status()).isEqualTo(202);
      tab.await(
          e -> e.name().equals("models") && e.data().toString().contains("\"state\":\"loaded\""));
      JsonNode loaded = model("other");
      assertThat(loaded.path("memory_bytes").asLong()).isPositive();
      assertThat(loaded.path("expires").asLong()).isGreaterThan(System.currentTimeMillis());
      assertThat(
              server.post("/models/unload", "{\"name\":\"other\"}").json().path("state").asString())
          .isEqualTo("idle");
      tab.await(
          e -> e.name().equals("models") && !e.data().toString().contains("\"state\":\"loaded\""));
    }
  }

  @Test
  void oneThatCannotBeLoadedSaysWhy() throws Exception {
    try (Listening tab = server.listen()) {
      tab.await("hello");
      server.post("/models/load", "{\"name\":\"broken\"}");
      tab.await(
          e -> e.name().equals("models") && e.data().toString().contains("\"state\":\"failed\""));
    }
    assertThat(model("broken").path("error").path("code").asString()).isEqualTo("load_failed");
  }

  @Test
  void oneThatAnswersStaysWhereItIs() throws Exception {
    try (Listening tab = server.listen()) {
      tab.await("hello");
      JsonNode asked = server.ask("A long story.", 450);
      tab.await("delta");
      PageServer.Said unload = server.post("/models/unload", "{\"name\":\"tiny\"}");
      PageServer.Said delete = server.post("/models/delete", "{\"name\":\"tiny\"}");
      if (server
          .get("/conversations/" + asked.path("conversation").path("id").asString())
          .json()
          .path("running")
          .asBoolean()) {
        assertThat(unload.status()).isEqualTo(409);
        assertThat(unload.code()).isEqualTo("in_use");
        assertThat(delete.code()).isEqualTo("in_use");
      }
      server.ended(asked.path("answer"));
    }
    assertThat(server.post("/models/delete", "{\"name\":\"other\"}").code())
        .isEqualTo("bad_request");
    assertThat(folder.resolve("other.gguf")).exists();
  }

  @Test
  void aPullBringsAModelThatCanBeDeleted() throws Exception {
    String name = "hf.co/org/repo:Q8_0";
    try (Listening tab = server.listen()) {
      tab.await("hello");
      PageServer.Said made = server.post("/pulls", "{\"name\":\"" + name + "\"}");
      assertThat(made.status()).isEqualTo(202);
      String id = made.json().path("id").asString();
      JsonNode done =
          tab.await(
                  e -> e.name().equals("pull") && e.data().path("state").asString().equals("done"))
              .data();
      assertThat(done.path("total_bytes").asLong()).isEqualTo(MODEL.length);
      assertThat(done.path("done_bytes").asLong()).isEqualTo(MODEL.length);
      assertThat(model(name).path("source").asString()).isEqualTo("hub");
      assertThat(model(name).path("quantization").asString()).isEqualTo("Q8_0");
      assertThat(server.get("/pulls").json().path("pulls")).hasSize(1);
      assertThat(server.send("DELETE", "/pulls/" + id, null).status()).isEqualTo(204);
      assertThat(tab.await("pull").data().path("state").asString()).isEqualTo("dismissed");

      assertThat(server.post("/models/delete", "{\"name\":\"" + name + "\"}").status())
          .isEqualTo(204);
      assertThat(server.get("/models").text()).doesNotContain(name);
    }
    try (var files = Files.walk(folder.resolve("hf"))) {
      assertThat(files.filter(f -> f.toString().endsWith(".gguf"))).isEmpty();
    }
  }

  @Test
  void aPullIsCancelledAndGoesOnLater() throws Exception {
    hub.with("m-F16.gguf", FakeHub.model(20_000_000, 3)).holdingAfter(1);
    String body = "{\"name\":\"hf.co/org/repo:F16\"}";
    try (Listening tab = server.listen()) {
      tab.await("hello");
      String id = server.post("/pulls", body).json().path("id").asString();
      hub.awaitHeld();
      assertThat(server.post("/pulls", body).json().path("id").asString()).isEqualTo(id);
      assertThat(server.send("DELETE", "/pulls/" + id, null).code()).isEqualTo("in_use");
      JsonNode cancelled = server.post("/pulls/" + id + "/cancel", "{}").json();
      assertThat(cancelled.path("state").asString()).isEqualTo("cancelled");
      hub.release();
      String again = "";
      for (int i = 0; i < 100; i++) { // until the first has let go of its lock
        again = server.post("/pulls", body).json().path("id").asString();
        JsonNode end =
            tab.await(e ->
                    e.name().equals("pull")
                        && e.data().path("state").asString().matches("done|failed"))
                .data();
        if (end.path("state").asString().equals("done")) {
          break;
        }
        Thread.sleep(50);
      }
      assertThat(again).isNotEqualTo(id);
      assertThat(model("hf.co/org/repo:F16").path("size_bytes").asLong()).isEqualTo(20_000_000);
    }
  }

  @Test
  void aPullOfWhatIsNotThereFailsWithAReason() throws Exception {
    try (Listening tab = server.listen()) {
      tab.await("hello");
      server.post("/pulls", "{\"name\":\"hf.co/no/where\"}");
      JsonNode failed =
          tab.await(e ->
                  e.name().equals("pull") && e.data().path("state").asString().equals("failed"))
              .data();
      assertThat(failed.path("error").path("message").asString()).isNotBlank();
    }
    assertThat(server.post("/pulls", "{\"name\":\"../../etc\"}").status()).isEqualTo(400);
    assertThat(server.post("/pulls", "{}").code()).isEqualTo("bad_request");
  }

  private JsonNode compare(String more) throws Exception {
    PageServer.Said said =
        server.post(
            "/comparisons",
            "{\"prompt\":\"A story.\",\"models\":[\"tiny\",\"other\"],\"sampling\":{\"max_tokens\":30}"
                + more
                + "}");
    assertThat(said.status()).isEqualTo(202);
    return said.json();
  }

  private JsonNode whole(JsonNode comparison) throws Exception {
    while (true) {
      JsonNode now = server.get("/comparisons/" + comparison.path("id").asString()).json();
      if (!now.path("sides").toString().contains("\"state\":\"running\"")) {
        return now;
      }
      Thread.sleep(10);
    }
  }

  @Test
  void aBlindComparisonNamesNobodyBeforeTheVote() throws Exception {
    try (Listening tab = server.listen()) {
      tab.await("hello");
      JsonNode made = compare(",\"blind\":true,\"category\":\"math\"");
      assertThat(made.propertyNames())
          .containsExactlyInAnyOrder(
              "id",
              "created",
              "prompt",
              "attachments",
              "system",
              "sampling",
              "category",
              "blind",
              "sides",
              "vote");
      String id = made.path("id").asString();
      JsonNode ended = whole(made);
      assertThat(ended.path("sides").toString())
          .contains("\"model\":null")
          .doesNotContain("\"tiny\"", "\"other\"");
      assertThat(ended.path("sides").path(0).path("answer").path("content").asString())
          .isNotBlank();
      tab.await(e ->
          e.name().equals("comparison") && !e.data().path("sides").toString().contains("running"));
      assertThat(tab.all.stream().filter(e -> e.name().equals("message")))
          .isNotEmpty()
          .allMatch(e -> e.data().path("model").isNull() && e.data().path("conversation").isNull());
      String side = ended.path("sides").path(0).path("answer").path("id").asString();
      assertThat(server.post("/answers/" + side + "/stop", "{}").json().path("model").isNull())
          .isTrue();

      String vote = "{\"winner\":\"a\",\"category\":\"science\"}";
      assertThat(server.post("/comparisons/" + id + "/vote", vote).code()).isEqualTo("bad_request");
      JsonNode voted = server.post("/comparisons/" + id + "/vote", "{\"winner\":\"a\"}").json();
      assertThat(voted.path("vote").path("winner").asString()).isEqualTo("a");
      assertThat(voted.path("category").asString()).isEqualTo("math");
      String winner = voted.path("sides").path(0).path("model").asString();
      assertThat(winner).isIn("tiny", "other");
      assertThat(server.post("/comparisons/" + id + "/vote", "{\"winner\":\"b\"}").code())
          .isEqualTo("already_voted");
      assertThat(server.get("/comparisons").json().path("tally").path(0).toString())
          .isEqualTo("{\"model\":\"" + winner + "\",\"wins\":1,\"losses\":0,\"ties\":0}");
      PageServer.Said lines = server.get("/comparisons/export");
      assertThat(lines.header("Content-Disposition")).contains("votes.jsonl");
      assertThat(lines.text().strip()).contains("\"winner\":\"a\"").doesNotContain("\n");
      assertThat(server.send("DELETE", "/comparisons/" + id, null).status()).isEqualTo(204);
      assertThat(server.get("/comparisons/" + id).code()).isEqualTo("unknown_comparison");
    }
  }

  @Test
  void twoThatDoNotFitAnswerOneAfterTheOther() throws Exception {
    server.close();
    server = start(1);
    JsonNode ended = whole(compare(""));
    assertThat(ended.path("sides").toString()).doesNotContain("\"state\":\"error\"");
    assertThat(ended.path("sides").path(0).path("model").asString()).isEqualTo("tiny");
  }

  @Test
  void noVoteWhileAnAnswerRuns() throws Exception {
    JsonNode made =
        server
            .post(
                "/comparisons",
                "{\"prompt\":\"A story.\",\"models\":[\"tiny\",\"other\"],\"sampling\":{\"max_tokens\":450}}")
            .json();
    PageServer.Said vote =
        server.post("/comparisons/" + made.path("id").asString() + "/vote", "{\"winner\":\"tie\"}");
    assertThat(vote.status()).isEqualTo(409);
    assertThat(vote.code()).isEqualTo("already_running");
    assertThat(server.send("DELETE", "/comparisons/" + made.path("id").asString(), null).status())
        .isEqualTo(204);
    assertThat(server.post("/comparisons", "{\"prompt\":\"x\",\"models\":[\"tiny\"]}").code())
        .isEqualTo("bad_request");
    assertThat(
            server.post("/comparisons", "{\"prompt\":\"x\",\"models\":[\"tiny\",\"none\"]}").code())
        .isEqualTo("unknown_model");
  }
}
