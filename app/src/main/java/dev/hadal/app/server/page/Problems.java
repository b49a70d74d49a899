package dev.hadal.app.server.page;

import dev.hadal.app.server.Failure;
import dev.hadal.app.store.Problem;
import dev.hadal.format.FormatException;
import org.jspecify.annotations.Nullable;

/** Failures in the page's words. */
final class Problems {
  private Problems() {}

  static Problem of(Failure failure) {
    return new Problem(
        code(failure.kind()), failure.message(), hint(failure.kind()), failure.param());
  }

  /** Why an answer came to nothing. */
  static Problem of(Throwable thrown) {
    if (thrown instanceof FormatException broken) {
      return loadFailed(String.valueOf(broken.getMessage()));
    }
    return of(Failure.of(thrown));
  }

  static Problem loadFailed(String message) {
    return new Problem(
        "load_failed", message, "Delete the model under Models and get it again.", null);
  }

  private static String code(Failure.Kind kind) {
    return switch (kind) {
      case INVALID, METHOD, SLOW_BODY, CLIENT_GONE -> "bad_request";
      case NOT_FOUND -> "unknown_path";
      case TOO_LONG -> "context_full";
      case UNAUTHORIZED -> "key_required";
      case FORBIDDEN -> "cross_origin";
      case UNKNOWN_MODEL -> "unknown_model";
      case TOO_LARGE -> "too_large";
      case BUSY -> "queue_full";
      case INTERNAL, DEADLINE -> "internal";
      case NO_MEMORY -> "no_memory";
      case ENDING -> "shutting_down";
    };
  }

  private static @Nullable String hint(Failure.Kind kind) {
    return switch (kind) {
      case TOO_LONG -> "Start a new conversation, or edit an earlier message.";
      case UNKNOWN_MODEL -> "Get it under Models, or choose another.";
      case BUSY -> "Ask again in a moment.";
      case NO_MEMORY -> "Unload a model, or ask when others have their answers.";
      default -> null;
    };
  }
}
