package dev.hadal.app.server.openai;

import dev.hadal.Hadal;
import dev.hadal.app.server.Call;
import dev.hadal.app.server.Failure;
import dev.hadal.app.server.Fields;
import dev.hadal.app.server.Handler;
import dev.hadal.app.server.answer.Embedding;
import dev.hadal.app.server.answer.ModelField;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** POST /v1/embeddings. Source: OpenAI API reference, Embeddings. Vectors have length 1. */
final class EmbeddingsEndpoint implements Handler {
  private static final int MOST_TEXTS = 2048;

  @Override
  public void handle(Call call) {
    Fields fields = call.fields();
    String model = ModelField.read(call, fields);
    Hadal hadal = call.lease(model).model();
    boolean base64 =
        fields.oneOf("encoding_format", "float", "base64").orElse("float").equals("base64");
    int width = hadal.config().hiddenSize();
    int dimensions = fields.integer("dimensions", 1, width).orElse(width);
    List<int[]> texts = Prompts.read(fields, "input", hadal);
    if (texts.size() > MOST_TEXTS) {
      throw Failure.invalid("input", "input has more than " + MOST_TEXTS + " texts").exception();
    }
    ObjectNode answer = Json.object().put("object", "list");
    ArrayNode data = answer.putArray("data");
    int tokens = 0;
    for (int[] text : texts) {
      float[] vector = Embedding.of(call, hadal, text, dimensions);
      ObjectNode entry = data.addObject().put("object", "embedding").put("index", data.size() - 1);
      if (base64) {
        entry.put("embedding", base64(vector));
      } else {
        ArrayNode numbers = entry.putArray("embedding");
        for (float number : vector) {
          numbers.add(number);
        }
      }
      tokens += text.length;
    }
    answer.put("model", model);
    answer.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
    call.json(answer);
  }

  private static String base64(float[] vector) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * vector.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return Base64.getEncoder().encodeToString(bytes.array());
  }
}
