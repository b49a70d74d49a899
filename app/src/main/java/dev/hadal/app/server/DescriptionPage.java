package dev.hadal.app.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the server answers, for people: a page that needs no script and loads nothing. */
final class DescriptionPage {
  private static final String STYLE =
      """
      :root { color-scheme: light dark; }
      body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
      h3 { margin: 1.5rem 0 0; font: 600 1rem ui-monospace, monospace; overflow-wrap: anywhere; }
      p { margin: .25rem 0; }
      pre { padding: .5rem .75rem; overflow-x: auto; border: 1px solid #8885; border-radius: .25rem; }
      """;

  private final List<Routes.Route> routes;
  private final boolean keyed;

  /**
   * @param keyed whether the server asks for a key
   */
  DescriptionPage(List<Routes.Route> routes, boolean keyed) {
    this.routes = routes;
    this.keyed = keyed;
  }

  /** No script, no frame, no form, nothing from elsewhere; the page's own style by its digest. */
  static String contentSecurityPolicy() {
    return "default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        .formatted(digest(STYLE));
  }

  /**
   * The page.
   *
   * @param server the server's address, as the reader reached it
   */
  String html(String server) {
    StringBuilder page = new StringBuilder("<!doctype html>\n<html lang=\"en\">\n<head>\n");
    page.append("<meta charset=\"utf-8\">\n");
    page.append("<meta name=\"viewport\" content=\"width=device-width\">\n");
    page.append("<title>Hadal: what it answers</title>\n<style>").append(STYLE);
    page.append("</style>\n</head>\n<body>\n<h1>What this server answers</h1>\n");
    page.append("<p>For programs: <a href=\"/openapi.json\">openapi.json</a>. ");
    page.append(
        keyed
            ? "A key is needed, as <code>Authorization: Bearer KEY</code> or <code>x-api-key: KEY</code>.</p>\n"
            : "No key is needed.</p>\n");
    byRoom()
        .forEach((room, own) -> {
          page.append("<h2>").append(escaped(room.title())).append("</h2>\n");
          own.forEach(route -> {
            page.append("<h3>").append(escaped(route.method())).append(' ');
            page.append(escaped(Description.template(route.path()))).append("</h3>\n<p>");
            page.append(escaped(route.summary())).append("</p>\n<pre><code>");
            page.append(escaped(curl(route, server))).append("</code></pre>\n");
          });
        });
    return page.append("</body>\n</html>\n").toString();
  }

  private Map<Room, List<Routes.Route>> byRoom() {
    Map<Room, List<Routes.Route>> byRoom = new LinkedHashMap<>();
    for (Routes.Route route : routes) {
      byRoom.computeIfAbsent(route.room(), r -> new ArrayList<>()).add(route);
    }
    return byRoom;
  }

  private String curl(Routes.Route route, String server) {
    StringBuilder curl = new StringBuilder("curl");
    switch (route.method()) {
      case "GET" -> {}
      case "HEAD" -> curl.append(" --head");
      default -> curl.append(" -X ").append(route.method());
    }
    curl.append(' ').append(quoted(server + Description.template(route.path())));
    if (keyed && !route.open()) {
      curl.append(" -H \"Authorization: Bearer $KEY\"");
    }
    route
        .example()
        .ifPresent(body ->
            curl.append(" \\\n  -H 'Content-Type: application/json' -d ")
                .append(quoted(body.toString())));
    return curl.toString();
  }

  /** A word that a shell takes as it is. */
  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private static String digest(String text) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256, which every one must", e);
    }
  }
}
