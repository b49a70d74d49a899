package dev.hadal.app.server.page;

import dev.hadal.app.server.Call;
import dev.hadal.app.server.Guard;
import dev.hadal.app.server.ServerOptions;
import java.net.URI;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask: this very page, under a name that is ours. A foreign name that was made to point
 * here (DNS rebinding) is how a web site would read a neighbour's server.
 */
final class Doors implements Guard {
  static final int MOST_BYTES = 16 << 20;

  private final Sessions sessions;
  private final Set<String> names = new HashSet<>(Set.of("localhost"));

  Doors(ServerOptions options, Sessions sessions) {
    this.sessions = sessions;
    names.add(options.host().toLowerCase(Locale.ROOT));
    for (String origin : options.origins()) {
      String host = host(origin);
      if (host != null) {
        names.add(host.toLowerCase(Locale.ROOT));
      }
    }
  }

  @Override
  public boolean admits(Call call) {
    if (!call.endpoint().startsWith("/hadal/")) {
      return true; // the page's files are no secret
    }
    call.answerHeader("Cache-Control", "no-store");
    call.answerHeader("X-Content-Type-Options", "nosniff");
    try {
      checkOrigin(call);
      checkHost(call);
      if (!call.endpoint().equals(Page.API + "/session") && !sessions.isSignedIn(call)) {
        throw new Refusal(
            401, "key_required", "this server wants an API key", "Sign in with one of its keys.");
      }
      checkBody(call);
      return true;
    } catch (Refusal refusal) {
      refusal.answer(call);
      return false;
    }
  }

  private static void checkOrigin(Call call) {
    String site = call.header("Sec-Fetch-Site").orElse("same-origin");
    String origin = call.header("Origin").orElse("");
    String host = call.header("Host").orElse("");
    boolean same =
        origin.isEmpty()
            || origin.equalsIgnoreCase("http://" + host)
            || origin.equalsIgnoreCase("https://" + host);
    if (!same || !(site.equals("same-origin") || site.equals("none"))) {
      throw new Refusal(
          403,
          "cross_origin",
          "this is for the page of this server alone, and another site asks",
          "Programs and other sites use the OpenAI interface under /v1; --cors lets sites in.");
    }
  }

  private void checkHost(Call call) {
    String name = nameOf(call.header("Host").orElse(""));
    boolean literal = name.startsWith("[") || name.matches("\\d{1,3}(\\.\\d{1,3}){3}");
    if (!literal && !names.contains(name) && !name.endsWith(".localhost")) {
      throw new Refusal(
          403,
          "unknown_host",
          "this server does not go by the name '%s'"
              .formatted(name.length() > 80 ? name.substring(0, 80) + "..." : name),
          "Use localhost or its IP address, or start it with --host NAME or --cors"
              + " https://NAME.");
    }
  }

  private static String nameOf(String host) {
    int end = host.startsWith("[") ? host.indexOf(']') + 1 : host.indexOf(':');
    return (end <= 0 ? host : host.substring(0, end)).toLowerCase(Locale.ROOT);
  }

  private static @Nullable String host(String origin) {
    try {
      return URI.create(origin).getHost();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static void checkBody(Call call) {
    long length = call.bodyLength();
    if (length > MOST_BYTES) {
      call.answerHeader("Connection", "close");
      throw tooLarge();
    }
    boolean has = length > 0 || call.header("Transfer-Encoding").isPresent();
    String type = call.header("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    int end = type.indexOf(';');
    String plain = (end < 0 ? type : type.substring(0, end)).strip();
    boolean markdown =
        plain.equals("text/markdown") && call.endpoint().equals(Page.API + "/import");
    if (has && !plain.equals("application/json") && !markdown) {
      throw new Refusal(
          415,
          "wrong_type",
          "the body's Content-Type is '%s'".formatted(plain),
          "Send application/json; an import may be text/markdown too.");
    }
  }

  static Refusal tooLarge() {
    return new Refusal(
        413,
        "too_large",
        "the body is larger than the %,d bytes that one may have here".formatted(MOST_BYTES),
        null);
  }
}
