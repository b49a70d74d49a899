package dev.hadal.app.server;

import java.util.Set;

/** What is answered where there is nothing to answer. */
final class Refusals {
  private Refusals() {}

  static Routes.Route notFound(Room room) {
    return new Routes.Route(
        room,
        "ANY",
        "*",
        "Nothing.",
        true,
        call -> {
          throw Failure.of(Failure.Kind.NOT_FOUND, "there is nothing here; '/' says what there is")
              .exception();
        });
  }

  static Routes.Route method(Room room, String path, Set<String> methods) {
    String known = String.join(", ", methods);
    return new Routes.Route(
        room,
        "ANY",
        path,
        "Another method.",
        true,
        call -> {
          call.answerHeader("Allow", known);
          throw Failure.of(Failure.Kind.METHOD, path + " is asked with " + known).exception();
        });
  }
}
