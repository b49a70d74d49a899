package dev.hadal.app.server.page;

import dev.hadal.HadalOptions;
import dev.hadal.app.cli.TinyChat;
import dev.hadal.app.hub.HubSettings;
import dev.hadal.app.hub.Library;
import dev.hadal.app.hub.ModelName;
import dev.hadal.app.models.Catalog;
import dev.hadal.app.models.ModelPool;
import dev.hadal.app.models.PoolOptions;
import dev.hadal.app.server.Server;
import dev.hadal.app.server.ServerOptions;
import dev.hadal.app.server.openai.OpenAi;
import dev.hadal.app.store.Store;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A real server with the page, a model that chats ("tiny") and another ("other"), by plain loops:
 * an answer takes long enough to be met in its middle.
 */
final class PageServer implements AutoCloseable {
  static final String API = "/hadal/v1";

  private final HttpClient client = HttpClient.newHttpClient();
  private final Store store;
  private final ModelPool pool;
  private final Server server;

  private PageServer(Store store, ModelPool pool, Server server) {
    this.store = store;
    this.pool = pool;
    this.server = server;
  }

  static PageServer start(Path folder) throws IOException {
    return start(folder, ServerOptions.local(0).withGrace(Duration.ZERO), Map.of());
  }

  static PageServer start(Path folder, ServerOptions options, Map<String, String> environment)
      throws IOException {
    return start(folder, options, environment, Long.MAX_VALUE, 16);
  }

  static PageServer start(
      Path folder,
      ServerOptions options,
      Map<String, String> environment,
      long budgetBytes,
      int queue)
      throws IOException {
    HubSettings hub = HubSettings.of(environment, folder, folder.resolve("own"));
    Path tiny = folder.resolve("tiny-chat.gguf");
    Path other = folder.resolve("other.gguf");
    if (!Files.exists(other)) {
      Files.copy(TinyChat.in(folder), other);
      Files.writeString(folder.resolve("broken.gguf"), "GGUFno");
    }
    Catalog catalog =
        new Shelves(
            List.of(
                entry("tiny", tiny),
                entry("other", other),
                entry("broken", folder.resolve("broken.gguf"))),
            new Library(hub));
    ModelPool pool =
        new ModelPool(
            catalog,
            PoolOptions.of(
                    HadalOptions.defaults()
                        .withBackend("reference")
                        .withThreads(1)
                        .withMaxSequences(2)
                        .withMaxQueue(queue))
                .withBudgetBytes(budgetBytes));
    Store store = Store.open(folder.resolve("hadal.db"));
    Page page = new Page(new Page.Setup("0.9", store, pool, options, hub, Optional.of(tiny)));
    return new PageServer(store, pool, Server.start(options, pool, List.of(new OpenAi(), page)));
  }

  private static Catalog.Entry entry(String name, Path path) throws IOException {
    return new Catalog.Entry(name, path, Files.size(path), Instant.ofEpochSecond(1_700_000_000));
  }

  /** Models with names, and what was pulled. */
  private record Shelves(List<Catalog.Entry> named, Library library) implements Catalog {
    @Override
    public Optional<Entry> find(String name) throws IOException {
      Optional<Entry> own = named.stream().filter(e -> e.name().equals(name)).findFirst();
      Optional<ModelName> parsed = own.isPresent() ? Optional.empty() : ModelName.parse(name);
      return parsed.isEmpty() ? own : library.find(parsed.get()).map(Shelves::entry);
    }

    @Override
    public List<Entry> list() throws IOException {
      List<Entry> all = new ArrayList<>(named);
      library.list().stream().map(Shelves::entry).forEach(all::add);
      return all;
    }

    private static Entry entry(Library.Entry e) {
      return new Entry(e.name().typed(), e.path(), e.bytes(), e.fetched());
    }
  }

  ModelPool pool() {
    return pool;
  }

  Server server() {
    return server;
  }

  /** An answer, with its JSON where it is some. */
  record Said(int status, String text, HttpResponse<String> response) {
    JsonNode json() {
      return JsonMapper.shared().readTree(text);
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    String code() {
      return json().path("error").path("code").asString("");
    }
  }

  Said get(String path, String... headers) throws IOException, InterruptedException {
    return send("GET", path, null, headers);
  }

  Said post(String path, String body, String... headers) throws IOException, InterruptedException {
    return send("POST", path, body, headers);
  }

  /** Asks below the page's interface; a path with two slashes is as it stands. */
  Said send(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    String whole = path.startsWith("//") ? path.substring(1) : API + path;
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.address().resolve(whole))
            .expectContinue(body != null && body.length() > 1 << 20) // asks before it sends
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    boolean typed = List.of(headers).contains("Content-Type");
    if (body != null && !typed) {
      request.header("Content-Type", "application/json");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
    return new Said(response.statusCode(), response.body(), response);
  }

  /** A conversation with a question asked in it; the answer runs. */
  JsonNode ask(String content, int tokens) throws IOException, InterruptedException {
    String id =
        post("/conversations", "{\"sampling\":{\"max_tokens\":" + tokens + ",\"temperature\":0}}")
            .json()
            .path("id")
            .stringValue();
    return ask(id, null, content);
  }

  JsonNode ask(String conversation, String parent, String content)
      throws IOException, InterruptedException {
    Said said =
        post(
            "/conversations/" + conversation + "/answers",
            JsonMapper.shared()
                .createObjectNode()
                .put("parent", parent)
                .put("content", content)
                .toString());
    if (said.status() != 202) {
      throw new IOException(said.text());
    }
    return said.json();
  }

  /** The message once it has ended. */
  JsonNode ended(JsonNode message) throws IOException, InterruptedException {
    String conversation = message.path("conversation").stringValue();
    while (true) {
      for (JsonNode m : get("/conversations/" + conversation).json().path("messages").values()) {
        if (m.path("id").equals(message.path("id"))
            && !m.path("state").asString().equals("running")) {
          return m;
        }
      }
      Thread.sleep(10);
    }
  }

  Listening listen() throws IOException {
    return new Listening(server.address());
  }

  @Override
  public void close() {
    server.close();
    pool.close();
    store.close();
    client.close();
  }
}
