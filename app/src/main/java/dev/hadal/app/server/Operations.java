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
  public String title() {
    return "Operations";
  }

  @Override
  public void addTo(Routes routes) {
    routes
        .open(
            "/health", "Says that the server lives.", call -> call.text(200, "text/plain", "ok\n"))
        .answers("text/plain")
        .open(
            "/ready", "Says whether the server takes requests; 503 when it is ending.", this::ready)
        .answers("text/plain")
        .get(
            "/metrics",
            "Counts and times, for Prometheus.",
            call -> call.text(200, "text/plain; version=0.0.4; charset=utf-8", metrics.text()))
        .answers("text/plain");
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
