package dev.hadal.app.server.ollama;

import dev.hadal.Hadal;
import dev.hadal.app.server.Call;
import dev.hadal.app.server.Failure;
import dev.hadal.app.server.Fields;
import dev.hadal.app.server.answer.Embedding;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** POST /api/embed, and /api/embeddings as it was before. Vectors have length 1. */
final class EmbedEndpoint {
  private static final int MOST_TEXTS = 2048;

  void several(Call call) {
    Fields fields = call.fields();
    List<String> texts = fields.texts("input");
    if (!fields.has("input")) {
      throw fields.wrong("input", "text, or an array of texts");
    }
    if (texts.size() > MOST_TEXTS) {
      throw Failure.invalid("input", "input has more than " + MOST_TEXTS + " texts").exception();
    }
    boolean truncate = fields.flag("truncate", true);
    fields.object("options");
    Leased leased = Leased.of(call, fields);
    int width = leased.model().config().hiddenSize();
    int dimensions = fields.integer("dimensions", 0, width).orElse(0);
    ObjectNode answer = Ollama.object().put("model", leased.name());
    ArrayNode vectors = answer.putArray("embeddings");
    int tokens = 0;
    for (String text : texts) {
      int[] ids = ids(leased.model(), text, truncate);
      put(
          vectors.addArray(),
          Embedding.of(call, leased.model(), ids, dimensions == 0 ? width : dimensions));
      tokens += ids.length;
    }
    call.json(
        answer
            .put("total_duration", System.nanoTime() - leased.beganNanos())
            .put("load_duration", leased.loadNanos())
            .put("prompt_eval_count", tokens));
  }

  void one(Call call) {
    Fields fields = call.fields();
    String prompt = fields.requiredText("prompt");
    Leased leased = Leased.of(call, fields);
    Hadal model = leased.model();
    ObjectNode answer = Ollama.object();
    int[] ids = ids(model, prompt, true);
    put(answer.putArray("embedding"), Embedding.of(call, model, ids, model.config().hiddenSize()));
    call.json(answer);
  }

  private static int[] ids(Hadal model, String text, boolean truncate) {
    int[] ids = model.tokenizer().encode(text, true, true);
    int most = model.contextLength() - 1; // the token that ends a text goes behind it
    return truncate && ids.length > most ? Arrays.copyOf(ids, most) : ids;
  }

  private static void put(ArrayNode array, float[] vector) {
    for (float number : vector) {
      array.add(number);
    }
  }
}
