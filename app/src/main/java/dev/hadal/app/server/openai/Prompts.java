package dev.hadal.app.server.openai;

import dev.hadal.Hadal;
import dev.hadal.app.server.Fields;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Text in its four forms: a text, texts, a text's tokens, texts' tokens. */
final class Prompts {
  private Prompts() {}

  static List<int[]> read(Fields fields, Hadal model) {
    return read(fields, "prompt", model);
  }

  static List<int[]> read(Fields fields, String name, Hadal model) {
    JsonNode node = fields.node(name);
    String expected = "text, a list of texts, a list of token ids, or a list of such lists";
    if (node == null) {
      throw fields.wrong(name, expected);
    }
    List<int[]> all = new ArrayList<>();
    if (node.isString()) {
      all.add(encode(model, node.stringValue()));
    } else if (node.isArray() && !node.isEmpty() && node.get(0).isNumber()) {
      all.add(tokens(fields, name, model, node));
    } else if (node.isArray() && !node.isEmpty()) {
      for (JsonNode one : node) {
        if (one.isString()) {
          all.add(encode(model, one.stringValue()));
        } else if (one.isArray() && !one.isEmpty()) {
          all.add(tokens(fields, name, model, one));
        } else {
          throw fields.wrong(name, expected);
        }
      }
    } else {
      throw fields.wrong(name, expected);
    }
    for (int[] prompt : all) {
      if (prompt.length == 0) {
        throw fields.wrong(name, "texts that are not empty: this model has no token to begin with");
      }
    }
    return all;
  }

  private static int[] encode(Hadal model, String text) {
    return model.tokenizer().encode(text, true, true);
  }

  private static int[] tokens(Fields fields, String name, Hadal model, JsonNode array) {
    int[] tokens = new int[array.size()];
    int vocabulary = model.config().vocabSize();
    for (int i = 0; i < tokens.length; i++) {
      JsonNode id = array.get(i);
      if (!id.isInt() || id.intValue() < 0 || id.intValue() >= vocabulary) {
        throw fields.wrong(
            name, "token ids from 0 to " + (vocabulary - 1) + ", and entry " + i + " is " + id);
      }
      tokens[i] = id.intValue();
    }
    return tokens;
  }
}
