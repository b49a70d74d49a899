package dev.hadal.app.server.extras;

import dev.hadal.app.server.Failure;
import dev.hadal.app.server.Room;
import dev.hadal.app.server.Routes;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Rerank, tokenize, detokenize and apply-template. */
public final class Extras implements Room {
  @Override
  public void addTo(Routes routes) {
    RerankEndpoint rerank = new RerankEndpoint();
    TokenizeEndpoint tokenize = new TokenizeEndpoint();
    routes
        .post("/rerank", rerank)
        .post("/v1/rerank", rerank)
        .post("/v2/rerank", rerank)
        .post("/tokenize", tokenize::tokenize)
        .post("/detokenize", tokenize::detokenize)
        .post("/apply-template", new ApplyTemplateEndpoint());
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
