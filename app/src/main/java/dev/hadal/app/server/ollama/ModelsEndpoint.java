package dev.hadal.app.server.ollama;

import dev.hadal.app.models.Catalog;
import dev.hadal.app.models.ModelPool;
import dev.hadal.app.models.Resident;
import dev.hadal.app.server.Call;
import dev.hadal.engine.EngineStats;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** GET /api/tags: the models that may be asked; GET /api/ps: those that are loaded. */
final class ModelsEndpoint {
  private final Details details;

  ModelsEndpoint(Details details) {
    this.details = details;
  }

  void list(Call call) throws IOException {
    ObjectNode answer = Ollama.object();
    ArrayNode models = answer.putArray("models");
    for (Catalog.Entry entry : call.pool().catalog().list()) {
      put(models.addObject(), entry.name(), entry);
    }
    for (Map.Entry<String, String> alias : call.pool().aliases().entrySet()) {
      put(models.addObject(), alias.getKey(), call.pool().entry(alias.getValue()));
    }
    call.json(answer);
  }

  void loaded(Call call) {
    ObjectNode answer = Ollama.object();
    ArrayNode models = answer.putArray("models");
    for (Resident resident : call.pool().resident()) {
      Catalog.Entry entry = resident.entry();
      EngineStats stats = resident.model().engine().stats();
      // Their clients show a time that is many years away as "forever".
      Instant expires = resident.expires().orElseGet(() -> Instant.now().plus(ModelPool.FOREVER));
      put(models.addObject(), entry.name(), entry)
          .put("size", entry.bytes() + stats.cacheBytes() + stats.scratchBytes())
          .put("expires_at", expires.toString())
          .put("size_vram", 0)
          .put("context_length", resident.model().contextLength())
          .remove("modified_at");
    }
    call.json(answer);
  }

  private ObjectNode put(ObjectNode model, String name, Catalog.Entry entry) {
    model
        .put("name", Names.tagged(name))
        .put("model", Names.tagged(name))
        .put("modified_at", entry.modified().toString())
        .put("size", entry.bytes())
        .put("digest", Details.digest(entry))
        .set("details", details.of(entry));
    return model;
  }
}
