package dev.hadal.app.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Which handler answers what. Paths are as Helidon takes them: {@code /v1/models/{model}}. The
 * summary of each, one line, is what {@code /docs} and {@code /openapi.json} say of it.
 */
public final class Routes {
  private static final List<String> JSON = List.of("application/json");

  private final Room room;
  private final Traffic traffic;
  private final List<Route> routes = new ArrayList<>();

  Routes(Room room, Traffic traffic) {
    this.room = room;
    this.traffic = traffic;
  }

  /** What is in flight in all rooms. */
  public Traffic traffic() {
    return traffic;
  }

  /**
   * One endpoint.
   *
   * @param open whether it needs no key
   * @param example a body that it answers
   * @param answers the media types of its answers
   */
  record Route(
      Room room,
      String method,
      String path,
      String summary,
      boolean open,
      Handler handler,
      Optional<JsonNode> example,
      List<String> answers) {
    Route(Room room, String method, String path, String summary, boolean open, Handler handler) {
      this(room, method, path, summary, open, handler, Optional.empty(), JSON);
    }

    Route withExample(JsonNode value) {
      return new Route(room, method, path, summary, open, handler, Optional.of(value), answers);
    }

    Route withAnswers(List<String> value) {
      return new Route(room, method, path, summary, open, handler, example, value);
    }

    /** Whether it reads a body. */
    boolean hasBody() {
      return example.isPresent()
          || method.equals("POST")
          || method.equals("PUT")
          || method.equals("PATCH");
    }
  }

  public Routes get(String path, String summary, Handler handler) {
    return add("GET", path, summary, false, handler);
  }

  public Routes post(String path, String summary, Handler handler) {
    return add("POST", path, summary, false, handler);
  }

  public Routes put(String path, String summary, Handler handler) {
    return add("PUT", path, summary, false, handler);
  }

  public Routes patch(String path, String summary, Handler handler) {
    return add("PATCH", path, summary, false, handler);
  }

  public Routes delete(String path, String summary, Handler handler) {
    return add("DELETE", path, summary, false, handler);
  }

  public Routes head(String path, String summary, Handler handler) {
    return add("HEAD", path, summary, false, handler);
  }

  /** Requests that ask what they might ask; without one, pages elsewhere may hear of origins. */
  public Routes options(String path, String summary, Handler handler) {
    return add("OPTIONS", path, summary, true, handler);
  }

  /** What anyone may read, without a key: no one's data, and nothing that costs. */
  public Routes open(String path, String summary, Handler handler) {
    return add("GET", path, summary, true, handler);
  }

  /** A body that the endpoint added last answers, for those who read about it. */
  public Routes example(String json) {
    return last(routes.removeLast().withExample(JsonMapper.shared().readTree(json)));
  }

  /** The media types in which the endpoint added last answers; JSON where nothing is said. */
  public Routes answers(String... types) {
    return last(routes.removeLast().withAnswers(List.of(types)));
  }

  private Routes last(Route route) {
    routes.add(route);
    return this;
  }

  private Routes add(String method, String path, String summary, boolean open, Handler handler) {
    if (summary.isBlank() || summary.lines().count() != 1) {
      throw new IllegalArgumentException(
          "%s %s: its summary is '%s'; expected one line that says what it does"
              .formatted(method, path, summary));
    }
    return last(new Route(room, method, path, summary, open, handler));
  }

  List<Route> all() {
    return List.copyOf(routes);
  }
}
