package dev.hadal.app.server.page;

import dev.hadal.app.server.Call;
import dev.hadal.app.store.Problem;
import dev.hadal.app.store.Wire;
import java.io.Serial;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Ends a request with one of the page's own codes. */
final class Refusal extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final int status;
  private final transient Problem problem;

  Refusal(int status, String code, String message, @Nullable String hint) {
    super(message, null, false, false);
    this.status = status;
    this.problem = new Problem(code, message, hint, null);
  }

  /** There is none of this id. */
  static Refusal unknown(String what, String id) {
    String shown = id.length() > 80 ? id.substring(0, 80) + "..." : id;
    return new Refusal(
        404,
        "unknown_" + what,
        "no " + what + " '" + shown + "'",
        "It may have been deleted in another tab.");
  }

  void answer(Call call) {
    call.json(status, json(problem));
  }

  static JsonNode json(Problem problem) {
    return JsonMapper.shared().createObjectNode().set("error", Wire.json(problem));
  }
}
