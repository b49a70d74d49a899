package dev.hadal.app.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which proxy stands before an address, as curl and Python read the environment: lower case before
 * upper case, {@code all_proxy} for both schemes, {@code no_proxy} a list of hosts and domains.
 */
final class Proxies extends ProxySelector {
  private static final List<Proxy> NONE = List.of(Proxy.NO_PROXY);

  private final Optional<URI> http;
  private final Optional<URI> https;
  private final List<String> direct;

  private Proxies(Optional<URI> http, Optional<URI> https, List<String> direct) {
    this.http = http;
    this.https = https;
    this.direct = direct;
  }

  static Proxies of(Map<String, String> environment) {
    Optional<URI> all = proxy(environment, "all_proxy");
    String direct = value(environment, "no_proxy");
    return new Proxies(
        proxy(environment, "http_proxy").or(() -> all),
        proxy(environment, "https_proxy").or(() -> all),
        Stream.of((direct == null ? "" : direct).split("[,\\s]+", -1))
            .map(host -> host.toLowerCase(Locale.ROOT).replaceFirst("^\\*?\\.", ""))
            .filter(host -> !host.isEmpty())
            .toList());
  }

  private static @Nullable String value(Map<String, String> environment, String name) {
    String lower = environment.get(name);
    return lower != null ? lower : environment.get(name.toUpperCase(Locale.ROOT));
  }

  private static Optional<URI> proxy(Map<String, String> environment, String name) {
    String value = value(environment, name);
    if (value == null || value.isBlank()) {
      return Optional.empty();
    }
    String address = value.contains("://") ? value.strip() : "http://" + value.strip();
    try {
      URI uri = URI.create(address);
      if (uri.getHost() != null && uri.getScheme().startsWith("http")) {
        return Optional.of(uri);
      }
    } catch (IllegalArgumentException e) {
      // Said below; the value may hold a password, so it is not shown.
    }
    throw new IllegalArgumentException(
        name + " is no proxy's address; expected one such as http://proxy.example:3128");
  }

  /** The proxy before this address. */
  Optional<URI> before(URI address) {
    String host = String.valueOf(address.getHost()).toLowerCase(Locale.ROOT);
    int port = address.getPort();
    for (String end : direct) {
      boolean named = end.equals("*") || host.equals(end) || host.endsWith("." + end);
      if (named || (host + ":" + port).equals(end)) {
        return Optional.empty();
      }
    }
    return "https".equals(address.getScheme()) ? https : http;
  }

  @Override
  public List<Proxy> select(URI address) {
    return before(address)
        .map(p -> List.of(new Proxy(Proxy.Type.HTTP, new InetSocketAddress(p.getHost(), port(p)))))
        .orElse(NONE);
  }

  /** Whether a proxy's address has a name and a password in it. */
  boolean needLogin() {
    return Stream.of(http, https).flatMap(Optional::stream).anyMatch(p -> p.getUserInfo() != null);
  }

  /** What to say to the proxy before this address, if its own address says so. */
  Optional<String> login(URI address) {
    return before(address)
        .map(URI::getUserInfo)
        .map(login -> "Basic " + Base64.getEncoder().encodeToString(login.getBytes(UTF_8)));
  }

  private static int port(URI proxy) {
    return proxy.getPort() > 0 ? proxy.getPort() : 80;
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException e) {
    // The request fails too, and whoever made it says so.
  }
}
