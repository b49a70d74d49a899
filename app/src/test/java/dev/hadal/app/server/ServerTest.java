package dev.hadal.app.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadal.app.server.TestServer.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class ServerTest {
  @TempDir private Path folder;

  private final EchoRoom room = new EchoRoom();
  private TestServer server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void itSaysThatItLivesAndIsReady() throws Exception {
    start(ServerOptions.local(0));

    assertThat(server.get("/health").text()).isEqualTo("ok\n");
    assertThat(server.get("/ready").status()).isEqualTo(200);
    assertThat(server.post("/echo", "{\"a\":[1]}").text()).isEqualTo("{\"a\":[1]}");
    assertThat(server.get("/echo/org/repo:Q8_0").text()).isEqualTo("org/repo:Q8_0");
    assertThat(server.get("/metrics").text())
        .contains("hadal:http_requests_total{endpoint=\"POST /echo\",status=\"200\"} 1");
  }

  @Test
  void whatIsNotThereIsSaidInTheRoomsWords() throws Exception {
    start(ServerOptions.local(0));

    assertThat(server.get("/nothing").json().path("kind").asString()).isEqualTo("NOT_FOUND");
    Answer wrong = server.get("/echo");
    assertThat(wrong.status()).isEqualTo(405);
    assertThat(wrong.header("Allow")).isEqualTo("POST");
  }

  @Test
  void whatBreaksTellsNoSecretAndBreaksNothingElse() throws Exception {
    start(ServerOptions.local(0));

    Answer broken = server.get("/break");

    assertThat(broken.status()).isEqualTo(500);
    assertThat(broken.text()).doesNotContain("secret");
    assertThat(server.get("/health").status()).isEqualTo(200);
  }

  @Test
  void bodiesThatAreNoJsonTooDeepOrTooLargeAreRefused() throws Exception {
    start(ServerOptions.local(0).withLimits(Limits.defaults().withBodyBytes(1000)));

    assertThat(server.post("/echo", "{\"a\":").status()).isEqualTo(400);
    assertThat(server.post("/echo", "").json().path("error").asString()).contains("is empty");
    assertThat(server.post("/echo", "[1]").json().path("error").asString())
        .isEqualTo("the body is an array; expected an object");
    assertThat(server.post("/echo", "{} {}").status()).isEqualTo(400);
    assertThat(server.post("/echo", "{\"a\":" + "[".repeat(200) + "]".repeat(200) + "}").text())
        .contains("beyond a limit");
    assertThat(server.post("/echo", "{\"a\":\"" + "x".repeat(1000) + "\"}").status())
        .isEqualTo(413);
  }

  @Test
  void aBodyThatNeverComesIsNotWaitedFor() throws Exception {
    start(
        ServerOptions.local(0).withLimits(Limits.defaults().withBodyTime(Duration.ofMillis(200))));
    try (Raw slow = new Raw(server.at("/"))) {
      slow.say("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{");

      assertThat(slow.all()).doesNotContain("200 OK");
    }
    long began = System.nanoTime();
    stop();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void withAKeyOnlyThoseWhoShowItAreServed() throws Exception {
    start(ServerOptions.local(0).withKeys(ApiKeys.of(List.of("sesame", "other"))));

    assertThat(server.post("/echo", "{}").status()).isEqualTo(401);
    assertThat(server.post("/echo", "{}", "Authorization", "Bearer sesam").text())
        .contains("not known here")
        .doesNotContain("sesam");
    assertThat(server.post("/echo", "{}", "Authorization", "Bearer sesame").status())
        .isEqualTo(200);
    assertThat(server.post("/echo", "{}", "x-api-key", "other").status()).isEqualTo(200);
    assertThat(server.get("/metrics").status()).isEqualTo(401);
    assertThat(server.get("/health").status()).isEqualTo(200);
  }

  @Test
  void offTheMachineAKeyIsNeeded() {
    ServerOptions local = ServerOptions.local(0);
    assertThatThrownBy(() ->
            new ServerOptions(
                "0.0.0.0",
                0,
                ApiKeys.none(),
                List.of(),
                local.tls(),
                local.limits(),
                local.grace()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--api-key-file");
  }

  @Test
  void aPageElsewhereReachesItNeitherByItsOriginNorByANameOfItsOwn() throws Exception {
    start(ServerOptions.local(0));

    Answer page = server.post("/echo", "{}", "Origin", "https://evil.example");
    assertThat(page.status()).isEqualTo(403);
    assertThat(page.header("Access-Control-Allow-Origin")).isEmpty();
    String own = server.server().address().toString();
    assertThat(server.post("/echo", "{}", "Origin", own).status()).isEqualTo(200);
    try (Raw rebound = new Raw(server.at("/"))) {
      assertThat(rebound.get("/health", "evil.example").all()).contains("403");
    }
  }

  @Test
  void aPageThatIsAllowedMayAskAndRead() throws Exception {
    start(ServerOptions.local(0).withOrigins(List.of("https://app.example")));

    Answer asked =
        server.send(
            "OPTIONS",
            "/echo",
            "",
            "Origin",
            "https://app.example",
            "Access-Control-Request-Headers",
            "authorization,content-type");
    assertThat(asked.status()).isEqualTo(204);
    assertThat(asked.header("Access-Control-Allow-Headers"))
        .isEqualTo("authorization,content-type");
    Answer page = server.post("/echo", "{}", "Origin", "https://app.example");
    assertThat(page.header("Access-Control-Allow-Origin")).isEqualTo("https://app.example");
    assertThat(server.post("/echo", "{}", "Origin", "https://evil.example").status())
        .isEqualTo(403);
  }

  @Test
  void aClientThatHangsUpStopsItsCall() throws Exception {
    start(ServerOptions.local(0));
    for (String path : List.of("/wait", "/stream")) {
      try (Raw client = new Raw(server.at("/"))) {
        client.get(path, "localhost");
        room.waiting.acquire();
      }
      assertThat(room.stopped.poll(30, TimeUnit.SECONDS)).isEqualTo("CLIENT_GONE");
    }
  }

  @Test
  void anAnswerThatTakesTooLongEndsWithAnErrorThatSaysSo() throws Exception {
    start(
        ServerOptions.local(0)
            .withLimits(Limits.defaults().withAnswerTime(Duration.ofMillis(300))));

    assertThat(server.get("/wait").status()).isEqualTo(504);
    assertThat(server.get("/stream").text()).contains("data: []", "DEADLINE");
  }

  @Test
  void aSilentStreamSaysThatItLives() throws Exception {
    start(
        ServerOptions.local(0)
            .withLimits(
                Limits.defaults()
                    .withAnswerTime(Duration.ofMillis(800))
                    .withHeartbeat(Duration.ofMillis(100))));

    assertThat(server.get("/stream").text()).contains(": still here\n\n");
  }

  @Test
  void aStreamThatIsNotSilentForLongIsLeftAlone() throws Exception {
    start(
        ServerOptions.local(0)
            .withLimits(Limits.defaults().withAnswerTime(Duration.ofMillis(800))));

    assertThat(server.get("/stream").text()).doesNotContain(": still here");
  }

  @Test
  void endingItLetsRunningAnswersFinishOrSaysThatItEnds() throws Exception {
    start(ServerOptions.local(0).withGrace(Duration.ofMillis(300)));
    CompletableFuture<Answer> running =
        CompletableFuture.supplyAsync(() -> {
          try {
            return server.get("/wait");
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
    room.waiting.acquire();

    server.server().close();

    assertThat(running.get().status()).isEqualTo(503);
    assertThat(running.get().text()).contains("ENDING");
    assertThatThrownBy(() -> server.get("/health")).isInstanceOf(java.io.IOException.class);
  }

  @Test
  void twoRequestsOnOneConnectionAreNotConfusedByTheWatch() throws Exception {
    start(
        ServerOptions.local(0)
            .withLimits(Limits.defaults().withAnswerTime(Duration.ofMillis(300))));
    try (Raw client = new Raw(server.at("/"))) {
      client.say("GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n");
      room.waiting.acquire();
      client.get("/health", "localhost"); // already there while the first is answered

      assertThat(client.all()).contains("504", "200 OK", "ok\n");
    }
  }

  private void start(ServerOptions options) throws Exception {
    server = TestServer.start(folder, options, room);
  }
}
