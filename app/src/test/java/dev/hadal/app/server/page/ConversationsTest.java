package dev.hadal.app.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class ConversationsTest {
  @TempDir private static Path folder;
  private static PageServer server;

  @BeforeAll
  static void start() throws IOException {
    server = PageServer.start(folder);
  }

  @AfterAll
  static void close() {
    server.close();
  }

  private static String create(String body) throws Exception {
    return server.post("/conversations", body).json().path("id").stringValue();
  }

  @Test
  void aConversationHasAllItsFields() throws Exception {
    PageServer.Said said =
        server.post(
            "/conversations", "{\"system\":\"Be brief.\",\"sampling\":{\"temperature\":0.5}}");
    assertThat(said.status()).isEqualTo(201);
    assertThat(said.json().propertyNames())
        .containsExactlyInAnyOrder(
            "id",
            "title",
            "pinned",
            "created",
            "updated",
            "model",
            "leaf",
            "running",
            "messages_count",
            "preset",
            "system",
            "thinking",
            "sampling");
    assertThat(said.json().path("model").asString()).isEqualTo("tiny");
    assertThat(said.json().path("leaf").isNull()).isTrue();
    assertThat(said.json().path("sampling").toString()).isEqualTo("{\"temperature\":0.5}");
    assertThat(said.header("Cache-Control")).isEqualTo("no-store");
  }

  @Test
  void patchChangesWhatItNamesAndNothingElse() throws Exception {
    String id = create("{\"title\":\"Old\",\"system\":\"S\",\"thinking\":true}");
    long updated = server.get("/conversations/" + id).json().path("updated").asLong();
    Thread.sleep(5);

    JsonNode now =
        server
            .send(
                "PATCH",
                "/conversations/" + id,
                "{\"pinned\":true,\"thinking\":null,\"model\":\"other\",\"sampling\":{\"top_k\":3}}")
            .json();

    assertThat(now.path("pinned").asBoolean()).isTrue();
    assertThat(now.path("thinking").isNull()).isTrue();
    assertThat(now.path("system").asString()).isEqualTo("S");
    assertThat(now.path("model").asString()).isEqualTo("other");
    assertThat(now.path("updated").asLong()).isEqualTo(updated);
    JsonNode renamed =
        server.send("PATCH", "/conversations/" + id, "{\"title\":\" New\\nname \"}").json();
    assertThat(renamed.path("title").asString()).isEqualTo("New name");
    assertThat(renamed.path("updated").asLong()).isGreaterThan(updated);
    assertThat(server.send("PATCH", "/conversations/" + id, "{\"pinned\":false}").status())
        .isEqualTo(200);
  }

  @Test
  void aDeletedOneIsGoneUntilItIsRestored() throws Exception {
    String id = create("{\"title\":\"Zanzibar\"}");
    try (Listening tab = server.listen()) {
      tab.await("hello");
      assertThat(server.send("DELETE", "/conversations/" + id, null).status()).isEqualTo(204);
      assertThat(tab.await("conversation_removed").data().path("id").asString()).isEqualTo(id);
      assertThat(server.get("/conversations/" + id).code()).isEqualTo("unknown_conversation");
      assertThat(server.get("/conversations?query=zanzibar").json().path("conversations"))
          .isEmpty();
      assertThat(server.post("/conversations/" + id + "/restore", "{}").status()).isEqualTo(200);
      assertThat(tab.await("conversation").data().path("id").asString()).isEqualTo(id);
    }
    JsonNode found = server.get("/conversations?query=zanzibar").json().path("conversations");
    assertThat(found.path(0).path("match").toString())
        .isEqualTo("{\"message\":null,\"snippet\":\"Zanzibar\",\"ranges\":[[0,8]]}");
  }

  @Test
  void theListComesInParts() throws Exception {
    for (int i = 0; i < 5; i++) {
      create("{\"title\":\"Part " + i + "\"}");
    }
    List<String> seen = new ArrayList<>();
    JsonNode next;
    String before = "";
    do {
      JsonNode part = server.get("/conversations?limit=2&before=" + before).json();
      part.path("conversations").values().forEach(c -> seen.add(c.path("id").stringValue()));
      next = part.path("next");
      before = next.asString("");
    } while (!next.isNull());
    assertThat(seen).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%22",
        "%27%20OR%201=1--",
        "NEAR(a%20b)",
        "*",
        "%00",
        "title:x",
        "%EF%BF%BF",
        "%F0%9F%90%9F"
      })
  void syntaxInASearchIsPlainText(String query) throws Exception {
    PageServer.Said said = server.get("/conversations?query=" + query);
    assertThat(said.status()).isEqualTo(200);
    assertThat(said.json().path("conversations")).isEmpty();
  }

  @Test
  void exportAndImportAreInversesAsJsonAndMarkdown() throws Exception {
    String file =
        """
        {"format":"hadal-conversations","version":1,"conversations":[{"title":"Round 圆","messages":[
        {"id":"a","parent":null,"role":"user","content":"Why?"},{"id":"b","parent":"a","role":"assistant","content":"So.\\n## User\\nx","thinking":"hm"}]}]}
        """;
    PageServer.Said imported = server.post("/import", file);
    assertThat(imported.status()).isEqualTo(201);
    String id = imported.json().path("conversations").path(0).path("id").stringValue();

    PageServer.Said json = server.get("/conversations/" + id + "/export?format=json");
    assertThat(json.header("Content-Disposition"))
        .isEqualTo("attachment; filename*=UTF-8''Round%20%E5%9C%86.json");
    PageServer.Said markdown = server.get("/conversations/" + id + "/export?format=markdown");
    assertThat(markdown.header("Content-Type")).startsWith("text/markdown");

    String fromJson =
        server
            .post("/import", json.text())
            .json()
            .path("conversations")
            .path(0)
            .path("id")
            .stringValue();
    String fromMarkdown =
        server
            .post("/import", markdown.text(), "Content-Type", "text/markdown")
            .json()
            .path("conversations")
            .path(0)
            .path("id")
            .stringValue();
    assertThat(List.of(id, fromJson, fromMarkdown)).doesNotHaveDuplicates();
    for (String copy : List.of(fromJson, fromMarkdown)) {
      JsonNode whole = server.get("/conversations/" + copy).json();
      assertThat(whole.path("title").asString()).isEqualTo("Round 圆");
      assertThat(whole.path("messages")).hasSize(2);
      assertThat(whole.path("messages").path(1).path("content").asString())
          .isEqualTo("So.\n## User\nx");
      assertThat(whole.path("messages").path(1).path("thinking").asString()).isEqualTo("hm");
      assertThat(whole.path("leaf")).isEqualTo(whole.path("messages").path(1).path("id"));
    }
    assertThat(server.get("/export").json().path("conversations").size()).isGreaterThanOrEqualTo(3);
  }

  static Stream<String> hostile() {
    return Stream.of(
        "",
        "no json",
        "[]",
        "null",
        "{\"conversations\":7}",
        "[".repeat(5_000),
        "{\"conversations\":[{\"title\":\"T\"}]}",
        "{\"conversations\":[{\"title\":\"T\",\"messages\":[{\"id\":\"a\",\"parent\":\"a\",\"role\":\"user\",\"content\":\"\"}]}]}",
        "{\"conversations\":[{\"title\":\"T\",\"messages\":[],\"sampling\":{\"temperature\":1e300}}]}",
        "{\"conversations\":[{\"title\":\"T\",\"messages\":[],\"sampling\":{\"temperature\":-1}}]}");
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void aHostileImportIsRefusedAndLeavesNothing(String file) throws Exception {
    String before = server.get("/conversations?limit=500").text();
    PageServer.Said said = server.post("/import", file);
    assertThat(said.status()).isEqualTo(400);
    assertThat(said.code()).isEqualTo("bad_request");
    assertThat(server.get("/conversations?limit=500").text()).isEqualTo(before);
  }

  @Test
  void markdownThatIsNoneIsRefused() throws Exception {
    assertThat(server.post("/import", "# Only a title", "Content-Type", "text/markdown").code())
        .isEqualTo("bad_request");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"title\":7}",
        "{\"sampling\":7}",
        "{\"sampling\":{\"temperature\":\"hot\"}}",
        "{\"sampling\":{\"top_p\":2}}",
        "{\"sampling\":{\"stop\":[\"\"]}}",
        "{\"thinking\":\"yes\"}",
        "{\"system\":[]}",
        "7",
        "{"
      })
  void wrongFieldsAreNamed(String body) throws Exception {
    PageServer.Said said = server.post("/conversations", body);
    assertThat(said.status()).isEqualTo(400);
    assertThat(said.code()).isEqualTo("bad_request");
    assertThat(said.json().path("error").propertyNames())
        .containsExactlyInAnyOrder("code", "message", "hint", "param");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /conversations/c_no unknown_conversation",
        "PATCH /conversations/c_no unknown_conversation",
        "DELETE /conversations/c_no unknown_conversation",
        "POST /conversations/c_no/restore unknown_conversation",
        "GET /conversations/c_no/export unknown_conversation",
        "POST /conversations/c_no/answers unknown_conversation",
        "POST /answers/m_no/stop unknown_message",
        "PUT /presets/s_no unknown_preset",
        "DELETE /presets/s_no unknown_preset",
        "GET /comparisons/x_no unknown_comparison",
        "POST /comparisons/x_no/vote unknown_comparison",
        "DELETE /comparisons/x_no unknown_comparison",
        "POST /pulls/p_no/cancel unknown_pull",
        "DELETE /pulls/p_no unknown_pull",
        "POST /models/load unknown_model",
        "POST /models/unload unknown_model",
        "POST /models/delete unknown_model"
      })
  void whatIsNotThereIsNamed(String asked) throws Exception {
    String[] words = asked.split(" ");
    PageServer.Said said =
        server.send(
            words[0],
            words[1],
            words[0].equals("GET") ? null : "{\"name\":\"no/such:model\",\"winner\":\"a\"}");
    assertThat(said.status()).isEqualTo(404);
    assertThat(said.code()).isEqualTo(words[2]);
  }

  @Test
  void presetsAreListedByName() throws Exception {
    try (Listening tab = server.listen()) {
      tab.await("hello");
      PageServer.Said made =
          server.post(
              "/presets", "{\"name\":\"b\",\"system\":\"S\",\"sampling\":{\"temperature\":0.2}}");
      assertThat(made.status()).isEqualTo(201);
      assertThat(tab.await("presets").data().path("presets")).hasSize(1);
      server.post("/presets", "{\"name\":\"A\"}");
      String id = made.json().path("id").stringValue();
      assertThat(server.get("/presets").json().path("presets").path(0).path("name").asString())
          .isEqualTo("A");
      assertThat(
              server
                  .send("PUT", "/presets/" + id, "{\"name\":\"0\"}")
                  .json()
                  .path("system")
                  .asString())
          .isEmpty();
      assertThat(server.get("/presets").json().path("presets").path(0).path("id").asString())
          .isEqualTo(id);
      assertThat(server.send("DELETE", "/presets/" + id, null).status()).isEqualTo(204);
      assertThat(server.post("/presets", "{}").code()).isEqualTo("bad_request");
    }
  }
}
