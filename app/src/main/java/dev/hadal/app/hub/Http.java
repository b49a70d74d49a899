package dev.hadal.app.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Requests that follow redirects without carrying a token to another origin, and that are made
 * again when a network or a busy server was the reason that they failed.
 */
final class Http implements AutoCloseable {
  private static final int MAX_REDIRECTS = 10;
  private static final int MAX_JSON_BYTES = 64 << 20;

  private final HttpClient client;
  private final Proxies proxies;
  private final Patience patience;

  Http(Proxies proxies, Patience patience) {
    this.proxies = proxies;
    this.patience = patience;
    if (proxies.needLogin()) {
      // Java sends no passwords to proxies of HTTPS unless told so; here the person did.
      System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
    }
    // One connection a range: many streams in one HTTP/2 connection are no faster than one.
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(15))
            .proxy(proxies)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
  }

  /** Who waits how often; the answer to an error that may pass. */
  Patience patience() {
    return patience;
  }

  /**
   * A successful answer.
   *
   * @param uri where it came from, after all redirects
   * @param first the headers of the first answer: a hub says there what it redirects to
   */
  record Reply(HttpResponse<InputStream> response, URI uri, HttpHeaders first) {
    InputStream body() {
      return response.body();
    }

    int status() {
      return response.statusCode();
    }

    Optional<String> header(String name) {
      return response.headers().firstValue(name);
    }
  }

  /** One attempt; whoever reads the body closes it. */
  Reply once(String method, URI uri, Optional<Secret> token, Map<String, String> headers)
      throws IOException {
    URI at = uri;
    HttpHeaders first = null;
    for (int i = 0; i <= MAX_REDIRECTS; i++) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(at)
              .method(method, HttpRequest.BodyPublishers.noBody())
              .timeout(Duration.ofSeconds(60))
              .header("User-Agent", "hadal");
      headers.forEach(request::header);
      // By hand: Java's Authenticator can't stand hubs that answer 401 without a challenge.
      proxies.login(at).ifPresent(login -> request.header("Proxy-Authorization", login));
      if (token.isPresent() && isSameOrigin(uri, at)) {
        request.header("Authorization", "Bearer " + token.get().value());
      }
      HttpResponse<InputStream> response = send(request.build());
      first = first == null ? response.headers() : first;
      Optional<String> location = response.headers().firstValue("Location");
      int status = response.statusCode();
      if (status >= 300 && status < 400 && status != 304 && location.isPresent()) {
        response.body().close();
        if (method.equals("HEAD") && first.firstValue("X-Linked-Etag").isPresent()) {
          return new Reply(response, at, first);
        }
        at = redirected(at, location.get());
        continue;
      }
      if (status < 200 || status >= 300) {
        response.body().close();
        throw new StatusException(status, at, response.headers());
      }
      return new Reply(response, at, first);
    }
    throw new HubException(
        "%s: more than %d redirects; is its address right?".formatted(uri, MAX_REDIRECTS));
  }

  private static URI redirected(URI from, String location) throws HubException {
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new HubException(
          "%s: redirects to what is no address (%d characters); is HF_ENDPOINT or a proxy right?"
              .formatted(from.getAuthority(), location.length()),
          e);
    }
    boolean secure = "https".equals(to.getScheme());
    if (to.getHost() == null || !(secure || "http".equals(to.getScheme()))) {
      throw new HubException(
          "%s: redirects to an address of kind '%s', expected http or https; is HF_ENDPOINT or a proxy right?"
              .formatted(from.getAuthority(), to.getScheme()));
    }
    if ("https".equals(from.getScheme()) && !secure) {
      throw new HubException(
          "%s redirects to %s without encryption; this is not followed"
              .formatted(from.getAuthority(), to.getAuthority()));
    }
    return to;
  }

  private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
    try {
      return client.send(request, BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    } catch (ConnectException | HttpConnectTimeoutException e) {
      throw new ConnectException(
          "cannot reach %s (%s); is there a network? https_proxy names a proxy, HF_ENDPOINT a mirror; --offline takes what is here"
              .formatted(request.uri().getAuthority(), reason(e)));
    }
  }

  private static String reason(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return "no such host";
      }
    }
    String message = e.getMessage();
    return message == null ? "connection refused" : message.toLowerCase(Locale.ROOT);
  }

  /** As {@link #once}, again while the reason of a failure may pass. */
  Reply request(String method, URI uri, Optional<Secret> token, Map<String, String> headers)
      throws IOException {
    for (int failed = 0; ; failed++) {
      try {
        return once(method, uri, token, headers);
      } catch (IOException e) {
        patience.afterFailure(failed, e);
      }
    }
  }

  /** What a server says in JSON. */
  JsonNode json(URI uri, Optional<Secret> token, Map<String, String> headers) throws IOException {
    byte[] body = bytes(uri, token, headers);
    try {
      return JsonMapper.shared().readTree(body);
    } catch (JacksonException e) {
      throw new HubException(
          "%s%s answers with what is no JSON; is the address right, or does a proxy answer?"
              .formatted(uri.getAuthority(), uri.getPath()),
          e);
    }
  }

  /** A short answer, whole. */
  byte[] bytes(URI uri, Optional<Secret> token, Map<String, String> headers) throws IOException {
    try (InputStream in = request("GET", uri, token, headers).body()) {
      return in.readNBytes(MAX_JSON_BYTES);
    }
  }

  static boolean isSameOrigin(URI a, URI b) {
    return a.getScheme().equalsIgnoreCase(b.getScheme())
        && a.getHost().equalsIgnoreCase(b.getHost())
        && port(a) == port(b);
  }

  private static int port(URI uri) {
    return uri.getPort() > 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
