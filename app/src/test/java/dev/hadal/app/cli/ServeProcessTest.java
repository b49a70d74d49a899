package dev.hadal.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code hadal serve} in a process of its own, and how it ends when it is told to. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "sends POSIX signals")
@Timeout(120)
final class ServeProcessTest {
  /** What a shell says of a process that SIGTERM ended. */
  private static final int TERMINATED = 128 + 15;

  @TempDir private Path folder;

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private ServingProcess serving;
  private Process process;
  private URI server;

  @AfterEach
  void endTheProcess() {
    client.close();
    serving.close();
  }

  @Test
  void toldToEndItFinishesWhatItAnswersAndTakesNothingNew() throws Exception {
    serve("--grace", "60");
    Iterator<String> answer = stream(3000);
    String first = answer.next();

    kill("TERM");
    int refused = untilRefused();
    List<String> rest = rest(answer);

    assertThat(first).startsWith("data: {");
    assertThat(refused).isIn(0, 503);
    assertThat(rest.getLast()).isEqualTo("data: [DONE]");
    assertThat(rest.get(rest.size() - 2)).contains("\"finish_reason\":\"length\"");
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(TERMINATED);
  }

  @Test
  void anAnswerThatTakesLongerThanTheGraceIsToldWhyItEnds() throws Exception {
    serve("--grace", "1");
    Iterator<String> answer = stream(90_000);
    answer.next();

    long began = System.nanoTime();
    kill("TERM");
    List<String> rest = rest(answer);

    assertThat(rest.getLast()).contains("\"code\":\"server_ending\"", "this server is ending");
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .isBetween(Duration.ofMillis(900), Duration.ofSeconds(10));
    assertThat(process.exitValue()).isEqualTo(TERMINATED);
  }

  @Test
  void whatStartedItselfAgainForItsFlagsIsToldToo() throws Exception {
    start(List.of(), "--grace", "60");
    Iterator<String> answer = stream(3000);
    answer.next();

    kill("TERM");

    assertThat(rest(answer).getLast()).isEqualTo("data: [DONE]");
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(TERMINATED);
  }

  private void serve(String... more) throws IOException {
    start(ServingProcess.FLAGS, more);
  }

  private void start(List<String> flags, String... more) throws IOException {
    List<String> command = new ArrayList<>(List.of("serve", "tiny", "--context", "100000"));
    command.addAll(List.of(more));
    serving = ServingProcess.of(flags, folder, Map.of(), command.toArray(String[]::new));
    process = serving.process();
    server = serving.address();
  }

  private Iterator<String> stream(int tokens) throws Exception {
    String body =
        "{\"model\":\"tiny\",\"prompt\":\"Once\",\"max_tokens\":%d,\"ignore_eos\":true,\"stream\":true}"
            .formatted(tokens);
    return client
        .send(
            HttpRequest.newBuilder(server.resolve("/v1/completions"))
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofLines())
        .body()
        .filter(line -> line.startsWith("data: "))
        .iterator();
  }

  private static List<String> rest(Iterator<String> lines) {
    List<String> rest = new ArrayList<>();
    lines.forEachRemaining(rest::add);
    return rest;
  }

  private void kill(String signal) throws Exception {
    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
  }

  /** Asks until it is refused, by a status or, which is 0 here, by no connection. */
  private int untilRefused() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve("/v1/models")).timeout(Duration.ofSeconds(5)).build();
    while (true) { // the test's own timeout ends it
      try {
        HttpResponse<Void> answer = client.send(request, BodyHandlers.discarding());
        if (answer.statusCode() != 200) {
          return answer.statusCode();
        }
      } catch (ConnectException e) {
        return 0;
      }
    }
  }
}
