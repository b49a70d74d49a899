package dev.hadal.app.server.extras;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.hadal.Hadal;
import dev.hadal.app.server.Call;
import dev.hadal.app.server.Fields;
import dev.hadal.app.server.answer.ChatBody;
import dev.hadal.app.server.answer.ModelField;
import dev.hadal.chat.ChatRequest;
import dev.hadal.tokenizer.Tokenizer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * POST /tokenize and /detokenize, as llama.cpp's server words them ({@code content}, {@code
 * add_special}, {@code with_pieces}) and vLLM's ({@code prompt} or {@code messages}, {@code
 * add_special_tokens}, {@code return_token_strs}); each has its own default for special tokens.
 */
final class TokenizeEndpoint {
  void tokenize(Call call) {
    Fields fields = call.fields();
    boolean pieces = fields.flag("with_pieces", false);
    boolean strings = fields.flag("return_token_strs", false);
    if (!fields.has("messages") && !fields.has("prompt") && !fields.has("content")) {
      throw fields.wrong("content", "text in it or in 'prompt', or a conversation in 'messages'");
    }
    Hadal model = call.lease(ModelField.read(call, fields)).model();
    int[] ids = ids(fields, model);
    ObjectNode answer =
        Extras.object().put("count", ids.length).put("max_model_len", model.contextLength());
    ArrayNode tokens = answer.putArray("tokens");
    for (int id : ids) {
      if (pieces) {
        putPiece(tokens.addObject().put("id", id), model.tokenizer(), id);
      } else {
        tokens.add(id);
      }
    }
    if (strings) {
      ArrayNode spelled = answer.putArray("token_strs");
      for (int id : ids) {
        spelled.add(model.tokenizer().token(id));
      }
    }
    call.json(answer);
  }

  private static int[] ids(Fields fields, Hadal model) {
    boolean parse = fields.flag("parse_special", true);
    if (fields.has("messages")) {
      ChatRequest request = ChatBody.read(fields);
      String rendered = model.template().render(request);
      return fields.flag("add_special_tokens", true)
          ? model.encodePrompt(rendered)
          : model.tokenizer().encode(rendered, false, parse);
    }
    boolean prompt = fields.has("prompt");
    boolean special =
        fields.flag("add_special").or(() -> fields.flag("add_special_tokens")).orElse(prompt);
    String text = fields.requiredText(prompt ? "prompt" : "content");
    return model.tokenizer().encode(text, special, parse);
  }

  /** Its text; of a token that is no whole character, its bytes. */
  private static void putPiece(ObjectNode token, Tokenizer tokenizer, int id) {
    byte[] bytes = tokenizer.decodeBytes(id);
    try {
      token.put("piece", UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      ArrayNode numbers = token.putArray("piece");
      for (byte b : bytes) {
        numbers.add(b & 0xff);
      }
    }
  }

  void detokenize(Call call) {
    Fields fields = call.fields();
    if (!fields.has("tokens")) {
      throw fields.wrong("tokens", "a list of token ids");
    }
    List<JsonNode> given = fields.array("tokens");
    Hadal model = call.lease(ModelField.read(call, fields)).model();
    int vocabulary = model.tokenizer().vocabSize();
    for (JsonNode id : given) {
      if (!id.isInt() || id.intValue() < 0 || id.intValue() >= vocabulary) {
        throw fields.wrong("tokens", "token ids from 0 to " + (vocabulary - 1));
      }
    }
    int[] ids = given.stream().mapToInt(JsonNode::intValue).toArray();
    String text = model.tokenizer().decode(ids, true);
    call.json(Extras.object().put("content", text).put("prompt", text));
  }
}
