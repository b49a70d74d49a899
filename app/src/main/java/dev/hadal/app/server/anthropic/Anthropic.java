package dev.hadal.app.server.anthropic;

import dev.hadal.app.server.Failure;
import dev.hadal.app.server.Frames;
import dev.hadal.app.server.Room;
import dev.hadal.app.server.Routes;
import java.io.IOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Anthropic's interface. Source: Anthropic API reference, Messages. */
public final class Anthropic implements Room {
  @Override
  public String title() {
    return "Anthropic";
  }

  @Override
  public void addTo(Routes routes) {
    routes
        .post("/v1/messages", "Answers a conversation, whole or streamed.", new MessagesEndpoint())
        .answers("application/json", Frames.SSE)
        .example(
            """
            {"model": "tiny", "messages": [{"role": "user", "content": "Once upon a time"}],
             "max_tokens": 32}\
            """)
        .post(
            "/v1/messages/count_tokens",
            "Counts the tokens of a conversation's prompt.",
            new CountTokensEndpoint())
        .example(
            """
            {"model": "tiny", "messages": [{"role": "user", "content": "Once upon a time"}]}\
            """);
  }

  @Override
  public JsonNode error(Failure failure) {
    ObjectNode error = JsonMapper.shared().createObjectNode().put("type", "error");
    error.putObject("error").put("type", type(failure.kind())).put("message", failure.message());
    return error;
  }

  @Override
  public void error(Frames frames, Failure failure) throws IOException {
    frames.event("error", error(failure));
  }

  private static String type(Failure.Kind kind) {
    return switch (kind) {
      case UNAUTHORIZED -> "authentication_error";
      case FORBIDDEN -> "permission_error";
      case NOT_FOUND, UNKNOWN_MODEL -> "not_found_error";
      case TOO_LARGE -> "request_too_large";
      case BUSY -> "rate_limit_error";
      case NO_MEMORY, ENDING -> "overloaded_error";
      case DEADLINE -> "timeout_error";
      case INTERNAL -> "api_error";
      case INVALID, TOO_LONG, METHOD, SLOW_BODY, CLIENT_GONE -> "invalid_request_error";
    };
  }
}
