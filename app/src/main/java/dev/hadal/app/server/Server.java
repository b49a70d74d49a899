package dev.hadal.app.server;

import dev.hadal.app.models.ModelPool;
import io.helidon.http.Method;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The running server. It does not own the models: close the pool after it.
 *
 * <pre>{@code
 * try (Server server = Server.start(ServerOptions.local(0), pool, rooms)) {
 *   ask(server.address());
 * }
 * }</pre>
 */
public final class Server implements AutoCloseable {
  /** What Helidon tells of its own start is no news to who started it; held, or it is forgotten. */
  private static final Logger HELIDON = Logger.getLogger("io.helidon");

  private final ServerOptions options;
  private final Running running;
  private final List<Room> rooms;
  private final WebServer web;
  private final List<Routes.Route> routes;
  private final int port;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Server(
      ServerOptions options,
      Running running,
      List<Room> rooms,
      WebServer web,
      List<Routes.Route> routes) {
    this.options = options;
    this.running = running;
    this.rooms = List.copyOf(rooms);
    this.web = web;
    this.routes = List.copyOf(routes);
    this.port = web.port();
  }

  /**
   * Listens; returns when it does.
   *
   * @param rooms the interfaces it speaks, beside health and metrics
   * @throws IOException if the address is taken or can't be had
   */
  public static Server start(ServerOptions options, ModelPool pool, List<Room> rooms)
      throws IOException {
    HELIDON.setLevel(Level.WARNING);
    Running running = new Running(options.limits());
    Metrics metrics = new Metrics(pool);
    Traffic traffic = new Traffic(metrics);
    Gate gate = new Gate(pool, options, running, metrics, traffic);
    List<Routes.Route> routes = new ArrayList<>();
    List<Routes.Route> described = new ArrayList<>();
    List<Room> all = new ArrayList<>(rooms);
    all.add(new Operations(running, metrics));
    all.add(new Documentation(Collections.unmodifiableList(described), options));
    for (Room room : all) {
      Routes own = new Routes(room, traffic);
      room.addTo(own);
      routes.addAll(own.all());
      if (room.guard().isEmpty()) {
        described.addAll(own.all());
      }
    }
    WebServerConfig.Builder config =
        WebServer.builder()
            .host(options.host())
            .port(options.port())
            .shutdownHook(false)
            .shutdownGracePeriod(Duration.ofMillis(200))
            .maxPayloadSize(-1)
            .writeQueueLength(0)
            .connectionOptions(socket -> socket.tcpNoDelay(true))
            .protocolsDiscoverServices(false)
            .featuresDiscoverServices(false)
            .useNio(false)
            .addConnectionSelector(new Connections())
            .routing(routing(gate, routes, all.getFirst()));
    if (options.tls().isPresent()) {
      config.tls(PemTls.of(options.tls().get()));
    }
    try {
      return new Server(options, running, all, config.build().start(), routes);
    } catch (RuntimeException e) {
      throw cannotListen(options, e);
    }
  }

  private static HttpRouting.Builder routing(Gate gate, List<Routes.Route> routes, Room other) {
    HttpRouting.Builder routing = HttpRouting.builder();
    Map<String, TreeSet<String>> methods = new TreeMap<>();
    Map<String, Room> owners = new TreeMap<>();
    for (Routes.Route route : routes) {
      routing.route(
          Method.create(route.method()), route.path(), (req, res) -> gate.serve(route, req, res));
      methods.computeIfAbsent(route.path(), p -> new TreeSet<>()).add(route.method());
      owners.putIfAbsent(route.path(), route.room());
    }
    Routes.Route preflight =
        new Routes.Route(other, "OPTIONS", "*", "May a page ask?", true, call -> {});
    routing.options((req, res) -> gate.preflight(preflight, req, res));
    owners.forEach((path, room) -> {
      Routes.Route wrong = Refusals.method(room, path, methods.getOrDefault(path, new TreeSet<>()));
      routing.any(path, (req, res) -> gate.serve(wrong, req, res));
    });
    Routes.Route nothing = Refusals.notFound(other);
    routing.any((req, res) -> gate.serve(nothing, req, res));
    return routing;
  }

  private static IOException cannotListen(ServerOptions options, RuntimeException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        return new IOException(
            "cannot listen at %s port %d: %s; --port 0 takes any that is free"
                .formatted(options.host(), options.port(), cause.getMessage()),
            e);
      }
    }
    throw e;
  }

  /** All that it answers. */
  List<Routes.Route> routes() {
    return routes;
  }

  public int port() {
    return port;
  }

  /** Where it is reached from this machine. */
  public URI address() {
    String host = options.host();
    String shown =
        host.equals("0.0.0.0") || host.equals("::")
            ? "127.0.0.1"
            : host.contains(":") ? "[" + host + "]" : host;
    return URI.create(
        (options.tls().isPresent() ? "https" : "http") + "://" + shown + ":" + port());
  }

  /**
   * Ends: new requests are refused from now on, those running may finish within the grace and are
   * then ended with an error that says so.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      List<Thread> ends =
          rooms.stream()
              .map(room -> Thread.startVirtualThread(() -> room.end(options.grace())))
              .toList();
      running.drain(options.grace());
      try {
        for (Thread end : ends) {
          end.join();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      web.stop();
    }
  }
}
