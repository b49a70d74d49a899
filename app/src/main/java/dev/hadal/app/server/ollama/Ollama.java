package dev.hadal.app.server.ollama;

import dev.hadal.app.hub.HubSettings;
import dev.hadal.app.hub.Library;
import dev.hadal.app.server.Call;
import dev.hadal.app.server.Failure;
import dev.hadal.app.server.Frames;
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
  public String title() {
    return "Ollama";
  }

  @Override
  public void addTo(Routes routes) {
    Library library = new Library(hub);
    Details details = new Details();
    ModelsEndpoint models = new ModelsEndpoint(details);
    StoreEndpoint store = new StoreEndpoint(library);
    EmbedEndpoint embed = new EmbedEndpoint();
    routes
        .post("/api/chat", "Answers a conversation, streamed or whole.", new ChatEndpoint())
        .answers(Frames.NDJSON, "application/json")
        .example(
            """
            {"model": "tiny", "messages": [{"role": "user", "content": "Once upon a time"}],
             "options": {"num_predict": 32}}\
            """)
        .post("/api/generate", "Answers a prompt, streamed or whole.", new GenerateEndpoint())
        .answers(Frames.NDJSON, "application/json")
        .example(
            """
            {"model": "tiny", "prompt": "Once upon a time", "options": {"num_predict": 32}}\
            """)
        .post("/api/embed", "Turns texts into vectors of length 1.", embed::several)
        .example(
            """
            {"model": "tiny", "input": ["Once upon a time", "The end"]}\
            """)
        .post("/api/embeddings", "Turns one text into a vector; older than embed.", embed::one)
        .example(
            """
            {"model": "tiny", "prompt": "Once upon a time"}\
            """)
        .get("/api/tags", "The models that are here.", models::list)
        .get("/api/ps", "The models that are loaded.", models::loaded)
        .post("/api/show", "What is known of a model.", new ShowEndpoint(details))
        .example(
            """
            {"model": "tiny"}\
            """)
        .post("/api/pull", "Fetches a model, telling how far it is.", new PullEndpoint(hub))
        .answers(Frames.NDJSON, "application/json")
        .post("/api/copy", "Gives a pulled model a second name.", store::copy)
        .delete("/api/delete", "Deletes a pulled model.", store::delete)
        .get(
            "/api/version",
            "The version of Ollama's API that this is.",
            call -> call.json(object().put("version", VERSION)))
        .post(
            "/api/push",
            "Refused: says what to use instead.",
            refused("push", "models are not uploaded from here; 'huggingface-cli upload' does it"))
        .post("/api/create", "Refused: says what to use instead.", refused("create", CREATE))
        .post(
            "/api/blobs/{digest}", "Refused: says what to use instead.", refused("blobs", CREATE));
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
