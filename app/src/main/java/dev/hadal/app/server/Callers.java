package dev.hadal.app.server;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Who may ask: callers with a key where one is set, web pages of allowed origins. A page elsewhere
 * on the web must not reach a server on its visitor's own machine, neither by a request of its own
 * nor by a name of its own that points here (DNS rebinding).
 */
final class Callers {
  private static final HeaderName API_KEY = HeaderNames.create("x-api-key");

  private final ApiKeys keys;
  private final List<String> origins;
  private final boolean local;

  Callers(ServerOptions options) {
    keys = options.keys();
    origins = options.origins();
    local = options.keys().isEmpty() && ServerOptions.isLoopback(options.host());
  }

  /** Checks host and origin, and says in the answer's headers which pages may read it. */
  void admitPage(ServerRequest req, ServerResponse res) {
    String host = header(req, HeaderNames.HOST).orElse("");
    if (local && !isLocal(hostName(host))) {
      throw Failure.of(
              Failure.Kind.FORBIDDEN,
              "this server is for its own machine: ask for localhost or 127.0.0.1, not '%s'; with --api-key it answers to any name"
                  .formatted(host))
          .exception();
    }
    Optional<String> origin = header(req, HeaderNames.ORIGIN);
    if (origin.isEmpty() || isSame(origin.get(), host)) {
      return;
    }
    if (!origins.contains("*") && !origins.contains(origin.get())) {
      throw Failure.of(
              Failure.Kind.FORBIDDEN,
              "web pages from %s may not ask this server; 'hadal serve --cors %s' lets them"
                  .formatted(origin.get(), origin.get()))
          .exception();
    }
    res.header(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin.get());
    res.header(HeaderNames.VARY, "Origin");
    res.header("Access-Control-Expose-Headers", "*");
  }

  /** Answers a browser that asks before it asks. */
  void preflight(ServerRequest req, ServerResponse res) {
    admitPage(req, res);
    res.header(HeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PUT, PATCH, DELETE, HEAD");
    res.header(
        HeaderNames.ACCESS_CONTROL_ALLOW_HEADERS,
        header(req, HeaderNames.ACCESS_CONTROL_REQUEST_HEADERS).orElse("*"));
    res.header(HeaderNames.ACCESS_CONTROL_MAX_AGE, "3600");
    res.status(204).send();
  }

  void checkKey(ServerRequest req) {
    if (keys.isEmpty()) {
      return;
    }
    Optional<String> presented =
        header(req, HeaderNames.AUTHORIZATION)
            .filter(h -> h.regionMatches(true, 0, "Bearer ", 0, 7))
            .map(h -> h.substring(7).strip())
            .or(() -> header(req, API_KEY));
    if (presented.isEmpty() || !keys.accept(presented.get())) {
      throw Failure.of(
              Failure.Kind.UNAUTHORIZED,
              (presented.isEmpty()
                      ? "this server needs an API key"
                      : "this API key is not known here")
                  + "; send it as 'Authorization: Bearer KEY' or 'x-api-key: KEY'")
          .exception();
    }
  }

  private static Optional<String> header(ServerRequest req, HeaderName name) {
    return req.headers().first(name);
  }

  private static boolean isSame(String origin, String host) {
    try {
      return host.equalsIgnoreCase(URI.create(origin).getRawAuthority());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String hostName(String host) {
    if (host.startsWith("[")) {
      return host.substring(0, host.indexOf(']') + 1);
    }
    int colon = host.indexOf(':');
    return colon < 0 ? host : host.substring(0, colon);
  }

  private static boolean isLocal(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.equals("localhost")
        || lower.endsWith(".localhost")
        || lower.equals("[::1]")
        || lower.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
  }
}
