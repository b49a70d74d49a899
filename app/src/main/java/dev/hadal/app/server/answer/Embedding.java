package dev.hadal.app.server.answer;

import dev.hadal.Hadal;
import dev.hadal.TextVector;
import dev.hadal.app.server.Call;
import dev.hadal.app.server.Failure;

/** {@link TextVector}s for a call. */
public final class Embedding {
  private Embedding() {}

  /**
   * The vector of a text, of length 1.
   *
   * @param dimensions its first so many numbers; models that were trained so lose little
   */
  public static float[] of(Call call, Hadal model, int[] text, int dimensions) {
    model.checkpoint().requireUnchanged();
    int[] tokens = TextVector.tokens(model, text);
    if (tokens.length > model.contextLength()) {
      throw Failure.of(
              Failure.Kind.TOO_LONG,
              "a text has %,d tokens, this model's context holds %,d; cut it into parts"
                  .formatted(tokens.length, model.contextLength()))
          .exception();
    }
    call.check();
    float[] vector = TextVector.of(model, tokens, dimensions);
    call.work().add(tokens.length, 0, 0, 0, 0, "stop");
    return vector;
  }
}
