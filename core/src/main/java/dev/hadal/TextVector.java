package dev.hadal;

import dev.hadal.engine.Pooling;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * A text as a vector: the last token's, which models made for it end a text with, or the mean where
 * the checkpoint says so. Source: the model card of Qwen/Qwen3-Embedding-0.6B.
 */
public final class TextVector {
  private static final int GGUF_MEAN = 1;

  private TextVector() {}

  /** What the model reads of a text: its tokens, and the end where the last one's vector counts. */
  public static int[] tokens(Hadal model, int[] text) {
    return pooling(model) == Pooling.LAST ? ended(model, text) : text;
  }

  /**
   * Of length 1; of length 0 where the model gives nothing.
   *
   * @param tokens as {@link #tokens} gives them
   * @param dimensions its first so many numbers; models that were trained so lose little
   * @throws dev.hadal.engine.CapacityException if there is no room for so many tokens
   */
  public static float[] of(Hadal model, int[] tokens, int dimensions) {
    float[] vector = Arrays.copyOf(model.engine().embed(tokens, pooling(model)), dimensions);
    double squares = 0;
    for (float x : vector) {
      squares += (double) x * x;
    }
    float scale = squares == 0 ? 1 : (float) (1 / Math.sqrt(squares));
    for (int i = 0; i < vector.length; i++) {
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
    return model.checkpoint().metadata().get(key) instanceof Number number
            && number.intValue() == GGUF_MEAN
        ? Pooling.MEAN
        : Pooling.LAST;
  }
}
