package dev.hadal.app.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.app.server.ServerOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Timeout(60)
final class AnswersTest {
  @TempDir private Path folder;
  private PageServer server;

  @BeforeEach
  void start() throws IOException {
    server = PageServer.start(folder);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void anAnswerIsToldAndKept() throws Exception {
    try (Listening tab = server.listen()) {
      JsonNode hello = tab.await("hello").data();
      assertThat(hello.path("version").asString()).isEqualTo("0.9");
      JsonNode asked = server.ask("Tell me.\nMore.", 40);
      String id = asked.path("answer").path("id").stringValue();

      JsonNode told = tab.awaitEnd(id).data();

      JsonNode kept = server.ended(asked.path("answer"));
      assertThat(told).isEqualTo(kept);
      assertThat(kept.propertyNames())
          .containsExactlyInAnyOrder(
              "id",
              "conversation",
              "parent",
              "role",
              "created",
              "content",
              "thinking",
              "attachments",
              "model",
              "state",
              "stage",
              "progress",
              "finish_reason",
              "error",
              "thinking_ms",
              "usage",
              "timings");
      assertThat(kept.path("state").asString()).isEqualTo("done");
      assertThat(kept.path("finish_reason").asString()).isEqualTo("length");
      assertThat(kept.path("usage").path("completion_tokens").asInt()).isEqualTo(40);
      assertThat(kept.path("timings").path("tokens_per_second").asDouble()).isPositive();
      assertThat(kept.path("content").asString()).isNotBlank();
      assertThat(
              tab.all.stream()
                  .filter(e -> e.name().equals("status"))
                  .map(e -> e.data().path("stage").asString()))
          .isSubsetOf("queued", "loading", "prompt", "answer");
      JsonNode conversation =
          server
              .get("/conversations/" + asked.path("conversation").path("id").stringValue())
              .json();
      assertThat(conversation.path("title").asString()).isEqualTo("Tell me.");
      assertThat(conversation.path("leaf").asString()).isEqualTo(id);
      assertThat(conversation.path("messages_count").asInt()).isEqualTo(2);
      assertThat(conversation.path("running").asBoolean()).isFalse();
    }
  }

  @Test
  void deltasMakeUpTheAnswerAlsoForWhoComesInTheMiddle() throws Exception {
    boolean inTheMiddle = false;
    while (!inTheMiddle) { // a machine that is busy elsewhere may come too late
      inTheMiddle = comesInTheMiddle();
    }
  }

  /** False if the answer had ended when the line was up again. */
  private boolean comesInTheMiddle() throws Exception {
    JsonNode asked;
    try (Listening first = server.listen()) {
      first.await("hello");
      asked = server.ask("A long story.", 450);
      first.await("delta");
      first.hangUp(); // the line drops
    }
    String id = asked.path("answer").path("id").stringValue();
    try (Listening again = server.listen()) {
      String instance = again.await("hello").data().path("instance").asString();
      assertThat(instance).isEqualTo(server.get("/server").json().path("instance").asString());
      Listening.Event next =
          again.await(e -> e.name().equals("message") || e.name().equals("stats"));
      if (!next.data().path("state").asString().equals("running")) {
        return false;
      }
      assertThat(next.data().path("id").asString()).isEqualTo(id);
      again.await(
          e -> e.name().equals("delta") || !e.data().path("finish_reason").asString("").isEmpty());
      String before = again.content(id);
      if (again.all.getLast().name().equals("delta")) {
        assertThat(again.awaitEnd(id).data().path("content").asString()).startsWith(before);
        return true;
      }
      return false;
    }
  }

  @Test
  void twoTabsHearTheSame() throws Exception {
    try (Listening one = server.listen();
        Listening two = server.listen()) {
      one.await("hello");
      two.await("hello");
      JsonNode asked = server.ask("A story.", 60);
      String id = asked.path("answer").path("id").stringValue();
      assertThat(one.awaitEnd(id)).isEqualTo(two.awaitEnd(id));
    }
  }

  @Test
  void stopKeepsWhatCame() throws Exception {
    try (Listening tab = server.listen()) {
      tab.await("hello");
      JsonNode asked = server.ask("A long story.", 400);
      String id = asked.path("answer").path("id").stringValue();
      tab.await("delta");

      JsonNode stopped = server.post("/answers/" + id + "/stop", "{}").json();

      assertThat(stopped.path("state").asString()).isEqualTo("stopped");
      assertThat(stopped.path("finish_reason").asString()).isEqualTo("cancelled");
      assertThat(stopped.path("content").asString()).isNotEmpty();
      assertThat(server.ended(asked.path("answer"))).isEqualTo(stopped);
      assertThat(server.post("/answers/" + id + "/stop", "{}").json()).isEqualTo(stopped);
      assertThat(server.pool().resident()).hasSize(1);
      awaitFree();
    }
  }

  private void awaitFree() throws InterruptedException {
    for (int i = 0;
        i < 500 && server.pool().resident().stream().anyMatch(r -> r.users() > 0);
        i++) {
      Thread.sleep(10);
    }
    assertThat(server.pool().resident()).allMatch(r -> r.users() == 0);
  }

  @Test
  void answeringAgainAndEditingMakeBranches() throws Exception {
    JsonNode asked = server.ask("One.", 5);
    String id = asked.path("conversation").path("id").stringValue();
    String user = asked.path("user").path("id").stringValue();
    String first = asked.path("answer").path("id").stringValue();
    server.ended(asked.path("answer"));

    JsonNode again =
        server
            .post(
                "/conversations/" + id + "/answers",
                "{\"parent\":\"" + user + "\",\"content\":null,\"model\":\"other\"}")
            .json();
    assertThat(again.path("user").isNull()).isTrue();
    assertThat(again.path("answer").path("parent").asString()).isEqualTo(user);
    assertThat(again.path("conversation").path("model").asString()).isEqualTo("other");
    server.ended(again.path("answer"));
    JsonNode edited = server.ask(id, null, "Two.");
    assertThat(edited.path("user").path("parent").isNull()).isTrue();
    server.ended(edited.path("answer"));

    JsonNode whole = server.get("/conversations/" + id).json();
    assertThat(whole.path("messages")).hasSize(5);
    assertThat(whole.path("title").asString()).isEqualTo("One.");
    assertThat(whole.path("leaf")).isEqualTo(edited.path("answer").path("id"));
    assertThat(
            server
                .send("PATCH", "/conversations/" + id, "{\"leaf\":\"" + first + "\"}")
                .json()
                .path("leaf")
                .asString())
        .isEqualTo(first);
    assertThat(server.send("PATCH", "/conversations/" + id, "{\"leaf\":\"m_no\"}").code())
        .isEqualTo("unknown_message");
  }

  @Test
  void attachmentsAndSystemPromptAreInThePrompt() throws Exception {
    JsonNode plain = server.ended(server.ask("Hi", 3).path("answer"));
    String id =
        server
            .post("/conversations", "{\"system\":\"Be brief.\",\"sampling\":{\"max_tokens\":3}}")
            .json()
            .path("id")
            .stringValue();
    JsonNode asked =
        server
            .post(
                "/conversations/" + id + "/answers",
                "{\"content\":\"Hi\",\"attachments\":[{\"name\":\"n.txt\",\"type\":\"text/plain\",\"text\":\"deep\"}]}")
            .json();
    assertThat(asked.path("user").path("attachments").path(0).path("text").asString())
        .isEqualTo("deep");
    JsonNode with = server.ended(asked.path("answer"));
    assertThat(with.path("usage").path("prompt_tokens").asInt())
        .isGreaterThan(plain.path("usage").path("prompt_tokens").asInt() + 10);
  }

  @Test
  void whatCannotBeAnsweredIsSaidInTheMessageOrAtOnce() throws Exception {
    String id = server.post("/conversations", "{}").json().path("id").stringValue();
    String path = "/conversations/" + id + "/answers";
    assertThat(server.post(path, "{\"content\":null}").code()).isEqualTo("bad_request");
    assertThat(server.post(path, "{\"content\":\"  \"}").code()).isEqualTo("bad_request");
    assertThat(server.post(path, "{\"content\":\"x\",\"parent\":\"m_no\"}").code())
        .isEqualTo("unknown_message");
    assertThat(server.post(path, "{\"content\":\"x\",\"model\":\"none\"}").code())
        .isEqualTo("unknown_model");
    assertThat(server.get("/conversations/" + id).json().path("messages")).isEmpty();

    JsonNode full = server.ended(server.ask(id, null, "word ".repeat(3_000)).path("answer"));
    assertThat(full.path("state").asString()).isEqualTo("error");
    assertThat(full.path("error").path("code").asString()).isEqualTo("context_full");
    JsonNode broken = server.post(path, "{\"content\":\"x\",\"model\":\"broken\"}").json();
    assertThat(server.ended(broken.path("answer")).path("error").path("code").asString())
        .isEqualTo("load_failed");
  }

  @Test
  void moreThanMayWaitAreRefused() throws Exception {
    server.close();
    server =
        PageServer.start(
            folder, ServerOptions.local(0).withGrace(Duration.ZERO), Map.of(), Long.MAX_VALUE, 0);
    JsonNode one = server.ask("A story.", 450);
    JsonNode two = server.ask("A story.", 450);
    Thread.sleep(100);
    String id = server.post("/conversations", "{}").json().path("id").stringValue();
    PageServer.Said third = server.post("/conversations/" + id + "/answers", "{\"content\":\"x\"}");
    if (third.status() != 202) { // they may have ended on a fast machine
      assertThat(third.status()).isEqualTo(429);
      assertThat(third.code()).isEqualTo("queue_full");
      assertThat(third.header("Retry-After")).isNotEmpty();
    }
    server.ended(one.path("answer"));
    server.ended(two.path("answer"));
  }

  @Test
  void aDeletedConversationsAnswerIsStopped() throws Exception {
    JsonNode asked = server.ask("A long story.", 400);
    String id = asked.path("conversation").path("id").stringValue();
    server.send("DELETE", "/conversations/" + id, null);
    awaitFree();
    server.post("/conversations/" + id + "/restore", "{}");
    assertThat(server.ended(asked.path("answer")).path("state").asString()).isIn("stopped", "done");
  }

  @Test
  void whatRunsWhenTheServerEndsSaysSoAfterwards() throws Exception {
    JsonNode asked;
    try (Listening tab = server.listen()) {
      tab.await("hello");
      asked = server.ask("A long story.", 450);
      tab.await("delta");
      server.close();
      tab.await("closed");
    }
    server = PageServer.start(folder);
    JsonNode kept = server.ended(asked.path("answer"));
    assertThat(kept.path("state").asString()).isEqualTo("error");
    assertThat(kept.path("error").path("code").asString()).isEqualTo("restarted");
    assertThat(kept.path("content").asString()).isNotEmpty();
  }

  @Test
  void withGraceRunningAnswersFinish() throws Exception {
    server.close();
    server = PageServer.start(folder, ServerOptions.local(0), Map.of());
    JsonNode asked = server.ask("A story.", 60);
    server.close();
    server = PageServer.start(folder);
    assertThat(server.ended(asked.path("answer")).path("state").asString()).isEqualTo("done");
  }

  @Test
  void requestsOfAllInterfacesAreInTheStats() throws Exception {
    try (Listening tab = server.listen()) {
      tab.await("hello");
      JsonNode asked = server.ask("A long story.", 450);
      Thread openai =
          Thread.startVirtualThread(() -> {
            try {
              server.post(
                  "//v1/chat/completions",
                  "{\"model\":\"tiny\",\"max_tokens\":450,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");
            } catch (IOException | InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
      Set<String> apis = new HashSet<>();
      server.ended(asked.path("answer"));
      openai.join();
      JsonNode stats = tab.await("stats").data();
      stats.path("requests").values().forEach(r -> apis.add(r.path("api").asString()));
      assertThat(stats.propertyNames())
          .containsExactlyInAnyOrder(
              "time",
              "prompt_tokens_per_second",
              "tokens_per_second",
              "running",
              "waiting",
              "kv_used_bytes",
              "kv_total_bytes",
              "first_token_ms",
              "token_ms",
              "memory_bytes",
              "requests");
      assertThat(apis).isSubsetOf("page", "openai");
      JsonNode later =
          tab.await(e -> e.name().equals("stats") && !e.data().path("first_token_ms").isNull())
              .data();
      assertThat(later.path("token_ms").asDouble()).isPositive();
      assertThat(later.path("kv_total_bytes").asLong()).isPositive();
      assertThat(server.get("/server").json().path("history").size()).isPositive();
    }
  }
}
