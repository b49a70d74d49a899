package dev.hadal.app.server.extras;

import dev.hadal.app.server.Failure;
import dev.hadal.app.server.Room;
import dev.hadal.app.server.Routes;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Rerank, tokenize, detokenize and apply-template. */
public final class Extras implements Room {
  private static final String RERANK = "Documents by how well they answer a query.";

  @Override
  public String title() {
    return "Hadal";
  }

  @Override
  public void addTo(Routes routes) {
    RerankEndpoint rerank = new RerankEndpoint();
    TokenizeEndpoint tokenize = new TokenizeEndpoint();
    routes
        .post("/rerank", RERANK, rerank)
        .post("/v1/rerank", RERANK, rerank)
        .post("/v2/rerank", RERANK, rerank)
        .post("/tokenize", "The tokens of a text or conversation.", tokenize::tokenize)
        .example(
            """
            {"model": "tiny", "content": "Once upon a time"}\
            """)
        .post("/detokenize", "The text of tokens.", tokenize::detokenize)
        .example(
            """
            {"model": "tiny", "tokens": [1, 2, 3]}\
            """)
        .post(
            "/apply-template",
            "The prompt that a conversation becomes.",
            new ApplyTemplateEndpoint())
        .example(
            """
            {"model": "tiny", "messages": [{"role": "user", "content": "Once upon a time"}]}\
            """);
  }

  @Override
  public JsonNode error(Failure failure) {
    ObjectNode error = object();
    int status = failure.kind().status();
    error
        .putObject("error")
        .put("message", failure.message())
        .put("type", status < 500 ? "invalid_request_error" : "server_error")
        .put("param", failure.param())
        .put("code", status);
    return error;
  }

  static ObjectNode object() {
    return JsonMapper.shared().createObjectNode();
  }
}
