package dev.hadal.app.server.page;

import dev.hadal.app.server.ApiKeys;
import dev.hadal.app.server.Call;
import dev.hadal.app.server.ServerOptions;
import dev.hadal.app.store.Wire;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Signing in with an API key. The cookie is a date and a signature that only the key makes: it
 * outlives a restart, and ends with the key. A script never sees it.
 */
final class Sessions {
  private static final String COOKIE = "hadal_session";
  private static final Duration LASTS = Duration.ofDays(30);

  private final ApiKeys keys;
  private final boolean secure;

  Sessions(ServerOptions options) {
    keys = options.keys();
    secure = options.tls().isPresent();
  }

  boolean isSignedIn(Call call) {
    return keys.isEmpty()
        || bearer(call).filter(keys::accept).isPresent()
        || cookie(call).filter(this::isValid).isPresent();
  }

  private static Optional<String> bearer(Call call) {
    return call.header("Authorization")
        .filter(h -> h.regionMatches(true, 0, "Bearer ", 0, 7))
        .map(h -> h.substring(7).strip());
  }

  private static Optional<String> cookie(Call call) {
    return call.header("Cookie").stream()
        .flatMap(all -> Arrays.stream(all.split(";", -1)))
        .map(String::strip)
        .filter(one -> one.startsWith(COOKIE + "="))
        .map(one -> one.substring(COOKIE.length() + 1))
        .findFirst();
  }

  /** {@code END.NONCE.SIGNATURE}, the end in milliseconds since 1970. */
  private boolean isValid(String cookie) {
    int cut = cookie.lastIndexOf('.');
    int first = cookie.indexOf('.');
    if (cut <= first || !keys.isSigned(cookie.substring(0, cut), cookie.substring(cut + 1))) {
      return false;
    }
    return Long.parseLong(cookie.substring(0, first)) > System.currentTimeMillis();
  }

  void show(Call call) {
    call.json(state(isSignedIn(call)));
  }

  private ObjectNode state(boolean signedIn) {
    return JsonMapper.shared()
        .createObjectNode()
        .put("key_required", !keys.isEmpty())
        .put("signed_in", signedIn);
  }

  void signIn(Call call) {
    String key = call.fields().requiredText("key");
    if (!keys.isEmpty()) {
      if (!keys.accept(key)) {
        throw new Refusal(
            403,
            "wrong_key",
            "this key is not one of the server's",
            "Keys are given to 'hadal serve' with --api-key or --api-key-file.");
      }
      String text = System.currentTimeMillis() + LASTS.toMillis() + "." + Wire.id("n");
      set(call, text + "." + keys.sign(key, text), LASTS);
    }
    call.json(state(true));
  }

  void signOut(Call call) {
    set(call, "", Duration.ZERO);
    call.json(state(keys.isEmpty() || bearer(call).filter(keys::accept).isPresent()));
  }

  private void set(Call call, String value, Duration lasts) {
    call.answerHeader(
        "Set-Cookie",
        COOKIE
            + "="
            + value
            + "; HttpOnly; SameSite=Strict; Path=/hadal; Max-Age="
            + lasts.toSeconds()
            + (secure ? "; Secure" : ""));
  }
}
