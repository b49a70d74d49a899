package dev.hadal.app.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.hadal.app.cli.AllRooms;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Bodies of all kinds of wrong to every endpoint that reads one, of every interface: each is
 * answered or refused with a reason in the interface's own form, and never breaks anything. {@code
 * -Dhadal.fuzz.cases=N} tries so many of each endpoint.
 */
@Timeout(600)
final class BodiesFuzzTest {
  private static final int CASES = Integer.getInteger("hadal.fuzz.cases", 300);

  @TempDir private static Path folder;

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    ServerOptions options =
        ServerOptions.local(0).withLimits(Limits.defaults().withAnswerTime(Duration.ofSeconds(20)));
    server = TestServer.start(folder, options, AllRooms.make(folder));
  }

  @AfterAll
  static void stop() {
    CLIENT.close();
    server.close();
  }

  /**
   * An endpoint that reads a body.
   *
   * @param example one that it answers; empty where its room gives none
   * @param error the form of its refusals
   */
  record Endpoint(String method, String path, ObjectNode example, Schema error) {
    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  static List<Endpoint> endpoints() throws Exception {
    JsonNode description = server.get("/openapi.json").json();
    SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    List<Endpoint> all = new ArrayList<>();
    description
        .path("paths")
        .forEachEntry((path, methods) ->
            methods.forEachEntry((method, node) -> {
              if (node.has("requestBody")) {
                JsonNode example = node.at("/requestBody/content/application~1json/example");
                String ref =
                    node.at("/responses/4XX/content/application~1json/schema/$ref").asString();
                all.add(
                    new Endpoint(
                        method.toUpperCase(Locale.ROOT),
                        path.replaceAll("\\{\\w+}", "none"),
                        example instanceof ObjectNode object
                            ? object
                            : JsonMapper.shared().createObjectNode().put("model", "tiny"),
                        registry.getSchema(description.at(ref.substring(1)))));
              }
            }));
    return all;
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void whatIsWrongIsRefusedAndBreaksNothing(Endpoint endpoint) throws Exception {
    Random random = new Random(endpoint.toString().hashCode());
    for (byte[] body : BrokenBodies.alwaysWrong()) {
      HttpResponse<byte[]> answer = send(endpoint, body);
      assertThat(answer.statusCode()).as(said(endpoint, body, answer)).isBetween(400, 499);
      refusedInForm(endpoint, body, answer);
    }
    for (String field : BrokenBodies.fields(endpoint.example())) {
      for (String value : List.of("null", "{}", "[]", "-1", "\"\"", "[null]", "[{}]", "1e400")) {
        tried(endpoint, BrokenBodies.with(endpoint.example(), field, value).getBytes(UTF_8));
      }
    }
    for (int i = 0; i < CASES; i++) {
      tried(endpoint, BrokenBodies.mutated(endpoint.example(), random));
    }
    if (endpoint.example().size() > 1) {
      byte[] good = endpoint.example().toString().getBytes(UTF_8);
      HttpResponse<byte[]> answer = send(endpoint, good);
      assertThat(answer.statusCode()).as(said(endpoint, good, answer)).isEqualTo(200);
    }
  }

  private static void tried(Endpoint endpoint, byte[] body) throws Exception {
    HttpResponse<byte[]> answer = send(endpoint, body);
    assertThat(answer.statusCode()).as(said(endpoint, body, answer)).isBetween(200, 499);
    if (answer.statusCode() >= 400) {
      refusedInForm(endpoint, body, answer);
    } else {
      assertThat(new String(answer.body(), UTF_8))
          .as(said(endpoint, body, answer))
          .doesNotContain("should not have happened");
    }
  }

  private static void refusedInForm(Endpoint endpoint, byte[] body, HttpResponse<byte[]> answer) {
    JsonNode told = JsonMapper.shared().readTree(answer.body());
    assertThat(endpoint.error().validate(told)).as(said(endpoint, body, answer)).isEmpty();
    assertThat(told.toString()).hasSizeGreaterThan(20);
  }

  private static HttpResponse<byte[]> send(Endpoint endpoint, byte[] body) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(server.at(endpoint.path()))
            .timeout(Duration.ofSeconds(60))
            .method(
                endpoint.method(),
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
            .build(),
        BodyHandlers.ofByteArray());
  }

  private static String said(Endpoint endpoint, byte[] body, HttpResponse<byte[]> answer) {
    String asked = new String(body, UTF_8);
    return "%s %s: %s"
        .formatted(
            endpoint,
            asked.substring(0, Math.min(1000, asked.length())),
            new String(answer.body(), UTF_8))
        .replace("%", "%%");
  }
}
