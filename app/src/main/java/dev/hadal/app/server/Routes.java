package dev.hadal.app.server;

import java.util.ArrayList;
import java.util.List;

/** Which handler answers what. Paths are as Helidon takes them: {@code /v1/models/{model}}. */
public final class Routes {
  private final Room room;
  private final List<Route> routes = new ArrayList<>();

  Routes(Room room) {
    this.room = room;
  }

  /**
   * One endpoint.
   *
   * @param open whether it needs no key
   */
  record Route(Room room, String method, String path, boolean open, Handler handler) {}

  public Routes get(String path, Handler handler) {
    return add("GET", path, false, handler);
  }

  public Routes post(String path, Handler handler) {
    return add("POST", path, false, handler);
  }

  public Routes put(String path, Handler handler) {
    return add("PUT", path, false, handler);
  }

  public Routes patch(String path, Handler handler) {
    return add("PATCH", path, false, handler);
  }

  public Routes delete(String path, Handler handler) {
    return add("DELETE", path, false, handler);
  }

  public Routes head(String path, Handler handler) {
    return add("HEAD", path, false, handler);
  }

  /** What anyone may read, without a key: no one's data, and nothing that costs. */
  public Routes open(String path, Handler handler) {
    return add("GET", path, true, handler);
  }

  private Routes add(String method, String path, boolean open, Handler handler) {
    routes.add(new Route(room, method, path, open, handler));
    return this;
  }

  List<Route> all() {
    return List.copyOf(routes);
  }
}
