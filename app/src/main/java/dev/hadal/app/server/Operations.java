package dev.hadal.app.server;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What those who run the server ask: does it live, does it take requests, how is it. */
final class Operations implements Room {
  private final Running running;
  private final Metrics metrics;

  Operations(Running running, Metrics metrics) {
    this.running = running;
    this.metrics = metrics;
  }

  @Override
  public void addTo(Routes routes) {
    routes
        .open("/health", call -> call.text(200, "text/plain", "ok\n"))
        .open("/ready", this::ready)
        .get(
            "/metrics",
            call -> call.text(200, "text/plain; version=0.0.4; charset=utf-8", metrics.text()));
  }

  private void ready(Call call) {
    boolean ending = running.isEnding();
    call.text(ending ? 503 : 200, "text/plain", ending ? "ending\n" : "ready\n");
  }

  @Override
  public JsonNode error(Failure failure) {
    return JsonMapper.shared().createObjectNode().put("error", failure.message());
  }
}
