package dev.hadal.app.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.json.JsonMapper;

/**
 * A hub in this process: one server with the API of Hugging Face, ModelScope and an Ollama
 * registry, and a second one, at another origin, that has the contents.
 */
public final class FakeHub implements AutoCloseable {
  /** The state that its Hugging Face repositories are at. */
  public static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  private final HttpServer hub;
  private final HttpServer store;
  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicInteger signatures = new AtomicInteger();
  private final AtomicInteger sent = new AtomicInteger();
  private final Map<String, Integer> uses = new ConcurrentHashMap<>();
  private final CountDownLatch held = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  private volatile Trouble trouble = Trouble.NONE;
  private volatile String token = "";
  private volatile long statedSize = -1;
  private volatile int patience = Integer.MAX_VALUE;
  private volatile boolean wrongSums;
  private volatile boolean sparse;

  /** What was asked. */
  public record Request(
      String server, String method, String path, String range, String token, String proxyLogin) {}

  /** What goes wrong with the contents. */
  enum Trouble {
    NONE,
    NO_RANGES,
    /** Half of what was asked for, then the connection ends. */
    CUT,
    BUSY,
    BROKEN,
    /** The addresses that the hub redirects to are good for a few requests. */
    EXPIRED,
    /** Hangs up without a word. */
    SILENT
  }

  /** Starts at free ports of this machine. */
  public FakeHub() throws IOException {
    hub = server(this::answerHub);
    store = server(this::answerStore);
  }

  private static HttpServer server(Handler handler) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            handler.answer(exchange);
          }
        });
    server.start();
    return server;
  }

  @FunctionalInterface
  private interface Handler {
    void answer(HttpExchange exchange) throws IOException;
  }

  /** Where it is. */
  public URI address() {
    return address(hub);
  }

  private static URI address(HttpServer server) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Puts a file into the one repository, org/repo. */
  public FakeHub with(String path, byte[] content) {
    files.put(path, content);
    return this;
  }

  /** All requests until now. */
  public List<Request> requests() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }

  FakeHub forget() {
    requests.clear();
    return this;
  }

  /** The next so many requests for contents go wrong in this way. */
  FakeHub troubled(Trouble kind, int times) {
    trouble = kind;
    failures.set(times);
    return this;
  }

  /** After so many contents it keeps everybody waiting, until {@link #release}. */
  public FakeHub holdingAfter(int contents) {
    patience = contents;
    return this;
  }

  /** Returns when somebody is kept waiting. */
  public void awaitHeld() throws InterruptedException {
    held.await();
  }

  /** Keeps nobody waiting any more. */
  public void release() {
    patience = Integer.MAX_VALUE;
    released.countDown();
  }

  FakeHub gatedBy(String needed) {
    token = needed;
    return this;
  }

  FakeHub statingSize(long size) {
    statedSize = size;
    return this;
  }

  FakeHub statingWrongSums() {
    wrongSums = true;
    return this;
  }

  /** As mirrors list: names only. */
  FakeHub listingOnlyNames() {
    sparse = true;
    return this;
  }

  private void answerHub(HttpExchange exchange) throws IOException {
    Request request = note("hub", exchange);
    String path = request.path();
    if (path.startsWith("/api/models/org/repo/revision/")) {
      String revision = path.substring("/api/models/org/repo/revision/".length());
      if (!revision.equals("main") && !revision.equals(COMMIT)) {
        refuse(exchange, 404, "RevisionNotFound");
      } else {
        json(exchange, listing());
      }
    } else if (path.startsWith("/api/models/org/busy/")) {
      exchange.getResponseHeaders().set("Retry-After", "7");
      refuse(exchange, 429, "");
    } else if (path.startsWith("/api/models/")) {
      refuse(exchange, 401, "RepoNotFound");
    } else if (path.startsWith("/org/repo/resolve/")) {
      resolve(exchange, request, path.substring("/org/repo/resolve/".length() + 41));
    } else if (path.startsWith("/api/v1/models/org/repo/repo/files")) {
      json(exchange, Map.of("Code", 200, "Data", Map.of("Files", scopeFiles())));
    } else if (path.startsWith("/api/v1/models/org/repo/repo")) {
      String query = exchange.getRequestURI().getQuery();
      redirect(exchange, query.substring(query.indexOf("FilePath=") + "FilePath=".length()));
    } else if (path.equals("/v2/library/tale/manifests/1b")) {
      json(exchange, manifest());
    } else if (path.startsWith("/v2/library/tale/blobs/sha256:")) {
      redirect(exchange, files.keySet().iterator().next());
    } else if (path.equals("/v2/library/tale/manifests/7b")) {
      refuse(exchange, 404, "");
    } else {
      refuse(exchange, 404, "EntryNotFound");
    }
  }

  private void resolve(HttpExchange exchange, Request request, String file) throws IOException {
    if (!token.isEmpty() && !request.token().equals("Bearer " + token)) {
      refuse(exchange, request.token().isEmpty() ? 401 : 403, "GatedRepo");
      return;
    }
    byte[] content = files.get(file);
    if (content == null) {
      refuse(exchange, 404, "EntryNotFound");
      return;
    }
    exchange.getResponseHeaders().set("X-Linked-Etag", '"' + checksum(content) + '"');
    exchange.getResponseHeaders().set("X-Linked-Size", Long.toString(content.length));
    redirect(exchange, file);
  }

  private void redirect(HttpExchange exchange, String file) throws IOException {
    exchange
        .getResponseHeaders()
        .set(
            "Location", address(store) + "/" + file + "?signature=" + signatures.incrementAndGet());
    exchange.sendResponseHeaders(302, -1);
  }

  private void answerStore(HttpExchange exchange) throws IOException {
    Request request = note("store", exchange);
    byte[] content = files.get(request.path().substring(1));
    if (content == null) {
      refuse(exchange, 404, "");
      return;
    }
    if (sent.incrementAndGet() > patience) {
      hold();
    }
    int used = uses.merge(String.valueOf(exchange.getRequestURI().getQuery()), 1, Integer::sum);
    if (trouble == Trouble.EXPIRED && used > 3) {
      refuse(exchange, 403, "");
      return;
    }
    Trouble now = failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0 ? trouble : Trouble.NONE;
    switch (now) {
      case BUSY -> {
        exchange.getResponseHeaders().set("Retry-After", "3");
        refuse(exchange, 429, "");
      }
      case BROKEN -> refuse(exchange, 503, "");
      case SILENT -> exchange.close();
      default -> send(exchange, request, content, now);
    }
  }

  private void hold() throws IOException {
    held.countDown();
    try {
      released.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void send(HttpExchange exchange, Request request, byte[] content, Trouble trouble)
      throws IOException {
    int from = 0;
    int to = content.length;
    if (!request.range().isEmpty() && trouble != Trouble.NO_RANGES) {
      String[] ends = request.range().substring("bytes=".length()).split("-", -1);
      from = Integer.parseInt(ends[0]);
      to = Integer.parseInt(ends[1]) + 1;
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes %d-%d/%d".formatted(from, to - 1, content.length));
    }
    boolean part = !request.range().isEmpty() && trouble != Trouble.NO_RANGES;
    exchange.sendResponseHeaders(part ? 206 : 200, to - from);
    OutputStream body = exchange.getResponseBody();
    body.write(content, from, trouble == Trouble.CUT ? (to - from) / 2 : to - from);
    body.flush();
  }

  private Map<String, Object> listing() {
    List<Map<String, Object>> siblings = new ArrayList<>();
    files.forEach((path, content) -> {
      Map<String, Object> file = new LinkedHashMap<>(Map.of("rfilename", path));
      if (!sparse) {
        file.put("size", statedSize < 0 ? content.length : statedSize);
        file.put("blobId", gitBlob(content));
      }
      if (!sparse && !path.endsWith(".json")) {
        file.put("lfs", Map.of("sha256", checksum(content), "size", content.length));
      }
      siblings.add(file);
    });
    return Map.of("sha", COMMIT, "siblings", siblings);
  }

  private List<Map<String, Object>> scopeFiles() {
    List<Map<String, Object>> all = new ArrayList<>();
    all.add(Map.of("Path", "folder", "Type", "tree"));
    files.forEach((path, content) ->
        all.add(
            Map.of(
                "Path",
                path,
                "Type",
                "blob",
                "Size",
                content.length,
                "Sha256",
                checksum(content))));
    return all;
  }

  /** As the registry has it of library/tale:1b, the first file. */
  Map<String, Object> manifest() {
    byte[] model = files.values().iterator().next();
    return Map.of(
        "layers",
        List.of(
            Map.of("mediaType", "application/vnd.ollama.image.license", "digest", "sha256:0"),
            Map.of(
                "mediaType",
                "application/vnd.ollama.image.model",
                "digest",
                "sha256:" + checksum(model),
                "size",
                model.length)));
  }

  String checksum(byte[] content) {
    return wrongSums ? "0".repeat(64) : Checksums.sha256(content);
  }

  private static String gitBlob(byte[] content) {
    try {
      Path file = Files.createTempFile("blob", "");
      Files.write(file, content);
      String sum = Checksums.gitBlob(file);
      Files.delete(file);
      return sum;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Request note(String server, HttpExchange exchange) {
    Request request =
        new Request(
            server,
            exchange.getRequestMethod(),
            exchange.getRequestURI().getPath(),
            header(exchange, "Range"),
            header(exchange, "Authorization"),
            header(exchange, "Proxy-Authorization"));
    requests.add(request);
    return request;
  }

  private static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  private static void json(HttpExchange exchange, Object answer) throws IOException {
    byte[] body = JsonMapper.shared().writeValueAsString(answer).getBytes(UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
  }

  private static void refuse(HttpExchange exchange, int status, String code) throws IOException {
    if (!code.isEmpty()) {
      exchange.getResponseHeaders().set("X-Error-Code", code);
    }
    exchange.sendResponseHeaders(status, -1);
  }

  /** Contents that no two chunks share, beginning as a GGUF file does. */
  public static byte[] model(int size, long seed) {
    byte[] content = new byte[size];
    new Random(seed).nextBytes(content);
    System.arraycopy("GGUF".getBytes(UTF_8), 0, content, 0, 4);
    return content;
  }

  @Override
  public void close() {
    hub.stop(0);
    store.stop(0);
  }
}
