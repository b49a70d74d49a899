package dev.hadal.app.server.answer;

import dev.hadal.Hadal;
import dev.hadal.app.server.Call;
import dev.hadal.app.server.Failure;
import dev.hadal.engine.Pooling;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * Texts as vectors: the last token's, which models made for it end a text with, or the mean where
 * the checkpoint says so. Source: the model card of Qwen/Qwen3-Embedding-0.6B.
 */
public final class Embedding {
  private static final int GGUF_MEAN = 1;

  private Embedding() {}

  /**
   * The vector of a text, of length 1.
   *
   * @param dimensions its first so many numbers; models that were trained so lose little
   */
  public static float[] of(Call call, Hadal model, int[] text, int dimensions) {
    model.checkpoint().requireUnchanged();
    Pooling pooling = pooling(model);
    int[] tokens = pooling == Pooling.LAST ? ended(model, text) : text;
    if (tokens.length > model.contextLength()) {
      throw Failure.of(
              Failure.Kind.TOO_LONG,
              "a text has %,d tokens, this model's context holds %,d; cut it into parts"
                  .formatted(tokens.length, model.contextLength()))
          .exception();
    }
    call.check();
    float[] vector = Arrays.copyOf(model.engine().embed(tokens, pooling), dimensions);
    call.work().add(tokens.length, 0, 0, 0, 0, "stop");
    double squares = 0;
    for (float x : vector) {
      squares += (double) x * x;
    }
    float scale = squares == 0 ? 1 : (float) (1 / Math.sqrt(squares));
    for (int i = 0; i < dimensions; i++) {
      vector[i] *= scale;
    }
    return vector;
  }

  private static int[] ended(Hadal model, int[] text) {
    OptionalInt end = model.tokenizer().eos();
    if (end.isEmpty() || (text.length > 0 && text[text.length - 1] == end.getAsInt())) {
      return text;
    }
    int[] ended = Arrays.copyOf(text, text.length + 1);
    ended[text.length] = end.getAsInt();
    return ended;
  }

  private static Pooling pooling(Hadal model) {
    String key = model.config().modelType() + ".pooling_type";
    Object type = model.checkpoint().metadata().get(key);
    return type instanceof Number number && number.intValue() == GGUF_MEAN
        ? Pooling.MEAN
        : Pooling.LAST;
  }
}
