package dev.hadal.app.server.openai;

import dev.hadal.app.models.Catalog;
import dev.hadal.app.server.Call;
import java.io.IOException;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** GET /v1/models and /v1/models/{model}: those that may be asked, loaded or not. */
final class ModelsEndpoint {
  void list(Call call) throws IOException {
    ObjectNode list = Json.object().put("object", "list");
    ArrayNode data = list.putArray("data");
    for (Catalog.Entry entry : call.pool().catalog().list()) {
      data.add(model(entry.name(), entry));
    }
    for (Map.Entry<String, String> alias : call.pool().aliases().entrySet()) {
      data.add(model(alias.getKey(), call.pool().entry(alias.getValue())));
    }
    call.json(list);
  }

  void get(Call call) {
    String name = call.path("model");
    call.json(model(name, call.pool().entry(name)));
  }

  private static ObjectNode model(String name, Catalog.Entry entry) {
    return Json.object()
        .put("id", name)
        .put("object", "model")
        .put("created", entry.modified().getEpochSecond())
        .put("owned_by", "hadal");
  }
}
