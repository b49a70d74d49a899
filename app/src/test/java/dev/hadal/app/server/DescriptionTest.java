package dev.hadal.app.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.hadal.app.cli.AllRooms;
import dev.hadal.app.server.TestServer.Answer;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the server says of itself is so, for all interfaces that it speaks. */
@Timeout(120)
final class DescriptionTest {
  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir private static Path folder;

  private static TestServer server;
  private static JsonNode description;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start(folder, AllRooms.make(folder));
    description = server.get("/openapi.json").json();
  }

  @AfterAll
  static void stop() {
    CLIENT.close();
    server.close();
  }

  /** One operation of the description. */
  private record Operation(String method, String path, JsonNode node) {}

  private static List<Operation> operations() {
    List<Operation> all = new ArrayList<>();
    description
        .path("paths")
        .forEachEntry((path, methods) ->
            methods.forEachEntry((method, node) -> all.add(new Operation(method, path, node))));
    return all;
  }

  @Test
  void itNamesEveryRoute() {
    Set<String> described = new TreeSet<>();
    operations().forEach(o -> described.add(o.method().toUpperCase(Locale.ROOT) + " " + o.path()));
    Set<String> routed = new TreeSet<>();
    server
        .server()
        .routes()
        .forEach(r -> routed.add(r.method() + " " + Description.template(r.path())));

    assertThat(described)
        .isEqualTo(routed)
        .contains("GET /docs", "GET /health", "POST /v1/responses", "GET /v1/models/{model}");
  }

  @Test
  void itKeepsToTheFormOfOpenApi() {
    assertThat(description.path("openapi").asString()).matches("3\\.1\\.\\d+");
    assertThat(description.at("/info/title").asString()).isNotEmpty();
    assertThat(description.at("/info/version").asString()).isNotEmpty();
    Set<String> tags = new HashSet<>();
    description
        .path("tags")
        .forEach(tag -> assertThat(tags.add(tag.path("name").asString())).isTrue());
    Set<String> ids = new HashSet<>();
    Set<String> shapes = new HashSet<>();
    description
        .path("paths")
        .propertyNames()
        .forEach(
            path -> assertThat(shapes.add(path.replaceAll("\\{\\w+}", "{}"))).as(path).isTrue());
    for (Operation operation : operations()) {
      JsonNode node = operation.node();
      assertThat(operation.path()).matches("(/([^{}*]|\\{\\w+})*)+");
      assertThat(METHODS).contains(operation.method());
      assertThat(node.path("summary").asString()).isNotBlank().endsWith(".");
      assertThat(ids.add(node.path("operationId").asString())).as(operation.toString()).isTrue();
      node.path("tags").forEach(tag -> assertThat(tags).contains(tag.asString()));
      Set<String> named = new TreeSet<>();
      for (JsonNode parameter : node.path("parameters")) {
        assertThat(parameter.path("in").asString()).isEqualTo("path");
        assertThat(parameter.path("required").asBoolean()).isTrue();
        assertThat(parameter.has("schema")).isTrue();
        named.add("{" + parameter.path("name").asString() + "}");
      }
      Set<String> inPath = new TreeSet<>();
      java.util.regex.Pattern.compile("\\{\\w+}")
          .matcher(operation.path())
          .results()
          .forEach(m -> inPath.add(m.group()));
      assertThat(named).isEqualTo(inPath);
      assertThat(node.path("responses")).isNotEmpty();
      node.path("responses")
          .forEachEntry((status, response) -> {
            assertThat(status).matches("[1-5](\\d\\d|XX)");
            assertThat(response.path("description").asString()).isNotEmpty();
            response
                .path("content")
                .forEach(media -> {
                  String ref = media.at("/schema/$ref").asString("");
                  assertThat(ref.isEmpty() || description.at(ref.substring(1)).isObject())
                      .as(ref)
                      .isTrue();
                });
          });
    }
  }

  @Test
  void everyPathAnswersItsMethod() throws Exception {
    for (Operation operation : operations()) {
      Said said = ask(server, operation, body(operation));
      boolean namesNothing = said.status() == 404 && operation.path().contains("{");

      if (!namesNothing) {
        assertThat(said.status()).as(operation.toString()).isNotIn(404, 405).isLessThan(500);
      }
      assertThat(said.text()).doesNotContain("there is nothing here");
      if (said.status() == 200) {
        assertThat(operation.node().at("/responses/200/content").has(said.type()))
            .as("%s answers in %s", operation, said.type())
            .isTrue();
      }
    }
  }

  /**
   * What an operation answers.
   *
   * @param text empty where it streams: that may go on for ever
   */
  private record Said(int status, String type, String text) {}

  private static Said ask(TestServer asked, Operation operation, String body) throws Exception {
    String path = operation.path().replaceAll("\\{model}", "tiny").replaceAll("\\{\\w+}", "none");
    HttpRequest request =
        HttpRequest.newBuilder(asked.at(path))
            .method(
                operation.method().toUpperCase(Locale.ROOT),
                body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    HttpResponse<InputStream> answer = CLIENT.send(request, BodyHandlers.ofInputStream());
    String type = answer.headers().firstValue("Content-Type").orElse("").replaceAll(";.*", "");
    try (InputStream in = answer.body()) {
      String text =
          type.equals(Frames.SSE) ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new Said(answer.statusCode(), type, text);
    }
  }

  private static String body(Operation operation) {
    JsonNode example = operation.node().at("/requestBody/content/application~1json/example");
    return example.isObject() ? example.toString() : "";
  }

  @Test
  void itsExamplesAreAnswered() throws Exception {
    int asked = 0;
    for (Operation operation : operations()) {
      if (!body(operation).isEmpty()) {
        Answer answer =
            server.send(
                operation.method().toUpperCase(Locale.ROOT), operation.path(), body(operation));
        assertThat(answer.status()).as("%s: %s", operation, answer.text()).isEqualTo(200);
        asked++;
      }
    }
    assertThat(asked).isGreaterThan(5);
  }

  @Test
  void failuresHaveTheFormItSays() throws Exception {
    for (Operation operation : operations()) {
      if (operation.method().equals("post")) {
        String ref =
            operation.node().at("/responses/4XX/content/application~1json/schema/$ref").asString();
        Answer refused = server.post(operation.path().replaceAll("\\{\\w+}", "none"), "[");

        assertThat(refused.status()).as(operation.path()).isBetween(400, 499);
        assertThat(
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(description.at(ref.substring(1)))
                    .validate(refused.json()))
            .as("%s: %s", operation.path(), refused.text())
            .isEmpty();
      }
    }
  }

  @Test
  void thePageListsThemAllAndRunsNoScript() throws Exception {
    Answer page = server.get("/docs");

    assertThat(page.status()).isEqualTo(200);
    for (Operation operation : operations()) {
      assertThat(page.text())
          .contains("<h3>" + operation.method().toUpperCase(Locale.ROOT) + " " + operation.path())
          .contains(operation.node().path("summary").asString());
    }
    assertThat(page.text())
        .contains("curl ")
        .doesNotContainIgnoringCase("<script")
        .doesNotContain("src=");
    String style = page.text().replaceAll("(?s).*<style>(.*)</style>.*", "$1");
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8));
    assertThat(page.header("Content-Security-Policy"))
        .contains(
            "default-src 'none'", "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'")
        .doesNotContain("script-src", "unsafe");
  }

  @Test
  void aKeyIsAskedForWhereItSaysSo(@TempDir Path other) throws Exception {
    ServerOptions keyed = ServerOptions.local(0).withKeys(ApiKeys.of(List.of("sesame")));
    try (TestServer closed = TestServer.start(other, keyed, AllRooms.make(other))) {
      JsonNode paths = closed.get("/openapi.json").json().path("paths");
      for (Operation operation : operations()) {
        boolean needed =
            !paths.path(operation.path()).path(operation.method()).path("security").isEmpty();
        int status = ask(closed, operation, "").status();
        assertThat(status == 401).as(operation.toString()).isEqualTo(needed);
      }
      assertThat(closed.get("/docs").text()).contains("Bearer $KEY").doesNotContain("sesame");
    }
  }

  @Test
  void anEndpointWithoutASummaryIsRefused() {
    Routes routes = new Routes(new EchoRoom(), new Traffic(new Metrics(server.pool())));

    assertThatThrownBy(() -> routes.get("/x", " ", call -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("GET /x");
  }
}
