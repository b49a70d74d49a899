package dev.hadal.app.server.ollama;

import dev.hadal.Hadal;
import dev.hadal.app.models.Lease;
import dev.hadal.app.server.Call;
import dev.hadal.app.server.Fields;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * A model in use by a request.
 *
 * @param name as it was asked for
 * @param beganNanos when the request began, by {@link System#nanoTime}
 * @param loadNanos how long it took until the model was there
 */
record Leased(String name, Hadal model, long beganNanos, long loadNanos) {
  static Leased of(Call call, Fields fields) {
    long began = System.nanoTime();
    String asked = Names.asked(fields);
    String known = Names.known(call.pool(), asked);
    Optional<Duration> stay = KeepAlive.read(fields);
    Lease lease = stay.isPresent() ? call.lease(known, stay.get()) : call.lease(known);
    return new Leased(asked, lease.model(), began, System.nanoTime() - began);
  }

  /**
   * Loads a model or puts it away, for a request that asks it nothing; what the reply begins with.
   */
  static ObjectNode only(Call call, Fields fields) {
    Optional<Duration> stay = KeepAlive.read(fields);
    String reason = "load";
    String name = Names.asked(fields);
    if (stay.isPresent() && stay.get().isZero()) {
      call.pool().unload(Names.known(call.pool(), name));
      reason = "unload";
    } else {
      of(call, fields);
    }
    return head(name).put("done", true).put("done_reason", reason);
  }

  ObjectNode head() {
    return head(name);
  }

  private static ObjectNode head(String name) {
    return Ollama.object().put("model", name).put("created_at", Instant.now().toString());
  }
}
