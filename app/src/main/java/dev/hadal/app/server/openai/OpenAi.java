package dev.hadal.app.server.openai;

import dev.hadal.app.server.Failure;
import dev.hadal.app.server.Frames;
import dev.hadal.app.server.Room;
import dev.hadal.app.server.Routes;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** OpenAI's interface. */
public final class OpenAi implements Room {
  @Override
  public String title() {
    return "OpenAI";
  }

  @Override
  public void addTo(Routes routes) {
    ModelsEndpoint models = new ModelsEndpoint();
    ResponsesEndpoint responses = new ResponsesEndpoint();
    routes
        .post(
            "/v1/chat/completions",
            "Answers a conversation, whole or streamed.",
            new ChatEndpoint())
        .answers("application/json", Frames.SSE)
        .example(
            """
            {"model": "tiny", "messages": [{"role": "user", "content": "Once upon a time"}],
             "max_tokens": 32}\
            """)
        .post(
            "/v1/completions",
            "Goes on with a text or a list of token ids.",
            new CompletionsEndpoint())
        .answers("application/json", Frames.SSE)
        .example(
            """
            {"model": "tiny", "prompt": "Once upon a time", "max_tokens": 32}\
            """)
        .post("/v1/embeddings", "Turns texts into vectors of length 1.", new EmbeddingsEndpoint())
        .example(
            """
            {"model": "tiny", "input": ["Once upon a time", "The end"]}\
            """)
        .post(
            "/v1/responses",
            "Answers with items that a later request can go on with.",
            responses::create)
        .answers("application/json", Frames.SSE)
        .example(
            """
            {"model": "tiny", "input": "Once upon a time", "max_output_tokens": 32}\
            """)
        .get("/v1/responses/{id}", "A response that was stored.", responses::get)
        .delete("/v1/responses/{id}", "Forgets a response.", responses::delete)
        .get(
            "/v1/responses/{id}/input_items",
            "What a response was asked with.",
            responses::inputItems)
        .get("/v1/models", "The models that can be asked for.", models::list)
        .get("/v1/models/{+model}", "One of these models.", models::get);
  }

  @Override
  public JsonNode error(Failure failure) {
    ObjectNode error = Json.object();
    error.set("error", told(failure));
    return error;
  }

  /** What a failure says of itself. */
  static ObjectNode told(Failure failure) {
    return Json.object()
        .put("message", failure.message())
        .put("type", type(failure.kind()))
        .put("param", failure.param())
        .put("code", code(failure.kind()));
  }

  private static String type(Failure.Kind kind) {
    return switch (kind) {
      case UNAUTHORIZED -> "authentication_error";
      case FORBIDDEN -> "permission_error";
      case BUSY -> "rate_limit_error";
      case INTERNAL, NO_MEMORY, ENDING, DEADLINE -> "server_error";
      case INVALID, TOO_LONG, NOT_FOUND, UNKNOWN_MODEL, METHOD, SLOW_BODY, TOO_LARGE, CLIENT_GONE ->
          "invalid_request_error";
    };
  }

  private static String code(Failure.Kind kind) {
    return switch (kind) {
      case INVALID -> "invalid_value";
      case TOO_LONG -> "context_length_exceeded";
      case UNAUTHORIZED -> "invalid_api_key";
      case FORBIDDEN -> "forbidden";
      case NOT_FOUND -> "not_found";
      case UNKNOWN_MODEL -> "model_not_found";
      case METHOD -> "method_not_allowed";
      case SLOW_BODY -> "body_too_slow";
      case TOO_LARGE -> "body_too_large";
      case BUSY -> "queue_full";
      case CLIENT_GONE -> "client_gone";
      case INTERNAL -> "internal_error";
      case NO_MEMORY -> "no_memory";
      case ENDING -> "server_ending";
      case DEADLINE -> "deadline_exceeded";
    };
  }
}
