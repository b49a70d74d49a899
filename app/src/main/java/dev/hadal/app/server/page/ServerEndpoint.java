package dev.hadal.app.server.page;

import dev.hadal.app.models.ModelPool;
import dev.hadal.app.server.Call;
import dev.hadal.app.server.ServerOptions;
import dev.hadal.app.store.Wire;
import dev.hadal.backend.Backends;
import dev.hadal.backend.Cores;
import tools.jackson.databind.node.ObjectNode;

/** What there is to know about the server. */
final class ServerEndpoint {
  private final String instance = Wire.id("i");
  private final long started = System.currentTimeMillis();
  private final String version;
  private final ServerOptions options;
  private final ModelPool pool;
  private final Pulse pulse;

  ServerEndpoint(String version, ServerOptions options, ModelPool pool, Pulse pulse) {
    this.version = version;
    this.options = options;
    this.pool = pool;
    this.pulse = pulse;
  }

  /** What a tab hears first. */
  ObjectNode hello() {
    return Wire.object()
        .put("version", version)
        .put("instance", instance)
        .put("time", System.currentTimeMillis());
  }

  void show(Call call) {
    var resident = pool.resident();
    String address =
        (options.tls().isPresent() ? "https://" : "http://") + call.header("Host").orElse("");
    ObjectNode server =
        Wire.object()
            .put("version", version)
            .put("instance", instance)
            .put("started", started)
            .put("java", System.getProperty("java.version", ""));
    server
        .put("backend", resident.isEmpty() ? best() : resident.getFirst().model().backend().name())
        .put("processor", Processor.NAME)
        .put("threads", Cores.physical())
        .put("address", address)
        .put("key_required", !options.keys().isEmpty());
    server.set("history", Wire.node(pulse.history()));
    call.json(server);
  }

  private static String best() {
    return Backends.all().stream()
        .filter(p -> p.unavailable().isEmpty())
        .findFirst()
        .map(p -> p.name())
        .orElse("");
  }
}
