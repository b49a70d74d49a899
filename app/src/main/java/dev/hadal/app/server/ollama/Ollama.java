package dev.hadal.app.server.ollama;

import dev.hadal.app.hub.HubSettings;
import dev.hadal.app.hub.Library;
import dev.hadal.app.server.Call;
import dev.hadal.app.server.Failure;
import dev.hadal.app.server.Handler;
import dev.hadal.app.server.Room;
import dev.hadal.app.server.Routes;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Ollama's interface. */
public final class Ollama implements Room {
  /** The state of Ollama's API that this is: some clients ask for a version of it. */
  private static final String VERSION = "0.12.0";

  private final HubSettings hub;

  /**
   * @param hub where models come from, and where they are kept
   */
  public Ollama(HubSettings hub) {
    this.hub = hub;
  }

  @Override
  public void addTo(Routes routes) {
    Library library = new Library(hub);
    Details details = new Details();
    ModelsEndpoint models = new ModelsEndpoint(details);
    StoreEndpoint store = new StoreEndpoint(library);
    EmbedEndpoint embed = new EmbedEndpoint();
    routes
        .post("/api/chat", new ChatEndpoint())
        .post("/api/generate", new GenerateEndpoint())
        .post("/api/embed", embed::several)
        .post("/api/embeddings", embed::one)
        .get("/api/tags", models::list)
        .get("/api/ps", models::loaded)
        .post("/api/show", new ShowEndpoint(details))
        .post("/api/pull", new PullEndpoint(hub))
        .post("/api/copy", store::copy)
        .delete("/api/delete", store::delete)
        .get("/api/version", call -> call.json(object().put("version", VERSION)))
        .post(
            "/api/push",
            refused("push", "models are not uploaded from here; 'huggingface-cli upload' does it"))
        .post("/api/create", refused("create", CREATE))
        .post("/api/blobs/{digest}", refused("blobs", CREATE));
  }

  private static final String CREATE =
      "a system prompt and parameters go with each request, 'hadal quantize' makes smaller models,"
          + " and NAME=FILE after 'hadal serve' gives a file a name";

  private static Handler refused(String what, String instead) {
    return (Call call) -> {
      throw Failure.invalid(null, "/api/" + what + " is not supported here: " + instead)
          .exception();
    };
  }

  @Override
  public JsonNode error(Failure failure) {
    return object().put("error", failure.message());
  }

  static ObjectNode object() {
    return JsonMapper.shared().createObjectNode();
  }
}
