package dev.hadal.app.server;

import dev.hadal.HadalOptions;
import dev.hadal.app.cli.TinyChat;
import dev.hadal.app.models.Catalog;
import dev.hadal.app.models.FolderCatalog;
import dev.hadal.app.models.ModelPool;
import dev.hadal.app.models.PoolOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real server on a free port with the small storyteller, which chats here as "tiny". */
public final class TestServer implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpClient client = HttpClient.newHttpClient();
  private final ModelPool pool;
  private final Server server;

  private TestServer(ModelPool pool, Server server) {
    this.pool = pool;
    this.server = server;
  }

  public static TestServer start(Path folder, Room... rooms) throws IOException {
    return start(folder, ServerOptions.local(0), rooms);
  }

  public static TestServer start(Path folder, ServerOptions options, Room... rooms)
      throws IOException {
    return start(
        new FolderCatalog().with("tiny", TinyChat.in(folder)),
        HadalOptions.defaults().withThreads(1),
        options,
        rooms);
  }

  public static TestServer start(
      Catalog models, HadalOptions opening, ServerOptions options, Room... rooms)
      throws IOException {
    ModelPool pool = new ModelPool(models, PoolOptions.of(opening));
    return new TestServer(pool, Server.start(options, pool, List.of(rooms)));
  }

  public ModelPool pool() {
    return pool;
  }

  public Server server() {
    return server;
  }

  public URI at(String path) {
    return server.address().resolve(path);
  }

  /** An answer, with its JSON where it is some. */
  public record Answer(int status, String text, HttpResponse<String> response) {
    public JsonNode json() {
      return JSON.readTree(text);
    }

    public String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }
  }

  public Answer get(String path, String... headers) throws IOException, InterruptedException {
    return send("GET", path, "", headers);
  }

  public Answer post(String path, String body, String... headers)
      throws IOException, InterruptedException {
    return send("POST", path, body, headers);
  }

  public Answer send(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(at(path))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
    return new Answer(response.statusCode(), response.body(), response);
  }

  @Override
  public void close() {
    server.close();
    pool.close();
    client.close();
  }
}
