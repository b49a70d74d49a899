package dev.hadal.app.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How the server is reached, and by whom.
 *
 * @param host the address to listen at
 * @param port 0 for any that is free
 * @param keys who has one of them may ask; without any, everyone who can reach the server
 * @param origins web pages from there may ask (CORS); {@code *} for all
 * @param tls where the certificate lies; empty for plain HTTP
 * @param grace how long running answers may take when the server ends
 */
public record ServerOptions(
    String host,
    int port,
    ApiKeys keys,
    List<String> origins,
    Optional<Tls> tls,
    Limits limits,
    Duration grace) {

  /**
   * A certificate chain and its private key.
   *
   * @param certificate PEM, the server's own first
   * @param key PEM, PKCS#8
   */
  public record Tls(Path certificate, Path key) {}

  public ServerOptions {
    origins = List.copyOf(origins);
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException(
          "port is " + port + "; expected 1 to 65535, or 0 for any that is free");
    }
    if (keys.isEmpty() && !isLoopback(host)) {
      throw new IllegalArgumentException(
          "listening at "
              + host
              + " lets other machines in, and that needs a key: give --api-key-file FILE (or"
              + " --api-key KEY), or stay at 127.0.0.1");
    }
  }

  /** This machine only, without a key. */
  public static ServerOptions local(int port) {
    return new ServerOptions(
        "127.0.0.1",
        port,
        ApiKeys.none(),
        List.of(),
        Optional.empty(),
        Limits.defaults(),
        Duration.ofSeconds(30));
  }

  public ServerOptions withKeys(ApiKeys value) {
    return new ServerOptions(host, port, value, origins, tls, limits, grace);
  }

  public ServerOptions withOrigins(List<String> value) {
    return new ServerOptions(host, port, keys, value, tls, limits, grace);
  }

  public ServerOptions withTls(Tls value) {
    return new ServerOptions(host, port, keys, origins, Optional.of(value), limits, grace);
  }

  public ServerOptions withLimits(Limits value) {
    return new ServerOptions(host, port, keys, origins, tls, value, grace);
  }

  public ServerOptions withGrace(Duration value) {
    return new ServerOptions(host, port, keys, origins, tls, limits, value);
  }

  static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          "host is '" + host + "', an address that nobody knows; expected one of this machine", e);
    }
  }
}
