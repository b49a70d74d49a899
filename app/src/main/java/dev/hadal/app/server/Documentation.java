package dev.hadal.app.server;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** GET /openapi.json and /docs: what the server answers, for programs and for people. */
final class Documentation implements Room {
  private final Description description;
  private final DescriptionPage page;
  private final String scheme;

  /**
   * @param routes all of them, this room's too; may grow until the server listens
   */
  Documentation(List<Routes.Route> routes, ServerOptions options) {
    boolean keyed = !options.keys().isEmpty();
    description = new Description(routes, keyed);
    page = new DescriptionPage(routes, keyed);
    scheme = options.tls().isPresent() ? "https" : "http";
  }

  @Override
  public String title() {
    return "Documentation";
  }

  @Override
  public void addTo(Routes routes) {
    routes
        .open(
            "/openapi.json",
            "This server's OpenAPI description.",
            call -> call.json(description.json()))
        .open("/docs", "All endpoints on a page, with a curl line each.", this::docs)
        .answers("text/html");
  }

  private void docs(Call call) {
    call.answerHeader("Content-Security-Policy", DescriptionPage.contentSecurityPolicy());
    call.answerHeader("X-Content-Type-Options", "nosniff");
    String host = call.header("Host").orElse("localhost");
    call.text(200, "text/html; charset=utf-8", page.html(scheme + "://" + host));
  }

  @Override
  public JsonNode error(Failure failure) {
    return JsonMapper.shared().createObjectNode().put("error", failure.message());
  }
}
