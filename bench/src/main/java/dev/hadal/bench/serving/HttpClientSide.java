package dev.hadal.bench.serving;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * Streamed chats over HTTP, read to their end. Client and server share the machine, and this
 * process: what the client takes counts as the server's.
 */
final class HttpClientSide implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final ServedModel model;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

  HttpClientSide(ServedModel model) {
    this.model = model;
  }

  /** Tokens a second, of all questions' answers together, from the first's sending. */
  double tokensPerSecond(List<String> questions, int each) {
    List<HttpRequest> requests = questions.stream().map(q -> request(q, each)).toList();
    List<Future<Integer>> answers = new ArrayList<>();
    long start = System.nanoTime();
    requests.forEach(request -> answers.add(callers.submit(() -> tokens(request))));
    for (Future<Integer> answer : answers) {
      int tokens = result(answer);
      if (tokens != each) {
        throw new IllegalStateException(
            "the server's answer has %d tokens; expected %d".formatted(tokens, each));
      }
    }
    return questions.size() * each / ((System.nanoTime() - start) / 1e9);
  }

  private HttpRequest request(String question, int tokens) {
    Map<String, ?> body =
        Map.of(
            "model",
            ServedModel.NAME,
            "messages",
            List.of(Map.of("role", "user", "content", question)),
            "max_tokens",
            tokens,
            "temperature",
            0,
            "ignore_eos",
            true,
            "stream",
            true,
            "stream_options",
            Map.of("include_usage", true));
    return HttpRequest.newBuilder(model.at("/v1/chat/completions"))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)))
        .build();
  }

  /** How many tokens the server says that it streamed. */
  private int tokens(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<Stream<String>> response = client.send(request, BodyHandlers.ofLines());
    try (Stream<String> lines = response.body()) {
      if (response.statusCode() != 200) {
        throw new IllegalStateException(
            "the server answered " + response.statusCode() + ": " + lines.toList());
      }
      String last =
          lines
              .filter(line -> line.startsWith("data: {"))
              .reduce("data: {}", (before, line) -> line); // the last one says what it took
      return JSON.readTree(last.substring("data: ".length()))
          .at("/usage/completion_tokens")
          .asInt();
    }
  }

  private static int result(Future<Integer> answer) {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a request failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the server answered", e);
    }
  }

  @Override
  public void close() {
    callers.close();
    client.close();
  }
}
