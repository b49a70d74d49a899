package dev.hadal.app.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.node.ObjectNode;

/** Bodies of all kinds of wrong. */
public final class BrokenBodies {
  /** Fields that any of the interfaces knows, beside those of its example. */
  private static final List<String> FIELDS =
      List.of(
          ("model messages prompt input max_tokens max_completion_tokens max_output_tokens"
                  + " temperature top_p top_k min_p n seed stop stream stream_options logprobs"
                  + " top_logprobs logit_bias tools tool_choice functions parallel_tool_calls"
                  + " response_format reasoning reasoning_effort thinking thinking_budget text"
                  + " instructions previous_response_id metadata store user suffix echo best_of"
                  + " dimensions encoding_format chat_template_kwargs system stop_sequences"
                  + " presence_penalty frequency_penalty repetition_penalty ignore_eos guided_json"
                  + " guided_regex guided_choice guided_grammar options format keep_alive raw"
                  + " template think context images query documents content tokens name source"
                  + " truncate verbose background include conversation audio modalities")
              .split(" "));

  private BrokenBodies() {}

  /** No JSON object, whatever the endpoint. */
  public static List<byte[]> alwaysWrong() {
    List<byte[]> all = new ArrayList<>();
    for (String text :
        List.of(
            "",
            " ",
            "[]",
            "null",
            "7",
            "\"x\"",
            "{",
            "{\"model\"",
            "{\"model\":}",
            "{} {}",
            "{'model':'tiny'}",
            "{\"a\":01}",
            "{\"a\":NaN}",
            "{\"a\":" + "[".repeat(5000) + "]".repeat(5000) + "}",
            "{\"a\":".repeat(5000) + "1" + "}".repeat(5000),
            "{\"a\":\"" + '\u0001' + "\"}",
            "<xml/>")) {
      all.add(text.getBytes(UTF_8));
    }
    all.add(new byte[] {(byte) 0xff, (byte) 0xfe, '{', 0, '}', 0, '1'});
    all.add(new byte[] {'{', '"', (byte) 0xc3, '"', ':', '1', '}'});
    all.add(
        new byte[] {'{', '"', 'a', '"', ':', '"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"', '}'});
    all.add(new byte[100]);
    return all;
  }

  /** Those of an example, and all that any interface knows. */
  public static List<String> fields(ObjectNode example) {
    List<String> all = new ArrayList<>(example.propertyNames());
    FIELDS.stream().filter(field -> !all.contains(field)).forEach(all::add);
    return all;
  }

  /** The example with a field that is so, in text: a number may be one that no tree holds. */
  public static String with(ObjectNode example, String field, String value) {
    ObjectNode rest = example.deepCopy();
    rest.remove(field);
    shorten(rest);
    String text = rest.toString();
    return "{\"%s\":%s%s%s".formatted(field, value, rest.isEmpty() ? "" : ",", text.substring(1));
  }

  private static void shorten(ObjectNode body) {
    for (String length : List.of("max_tokens", "max_output_tokens")) {
      if (body.has(length)) {
        body.put(length, 2);
      }
    }
  }

  /** The example with a few things wrong. */
  public static byte[] mutated(ObjectNode example, Random random) {
    ObjectNode body = example.deepCopy();
    shorten(body);
    String text = body.toString();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      text =
          switch (random.nextInt(4)) {
            case 0 -> text.substring(0, random.nextInt(text.length() + 1));
            case 1 -> field(text, random);
            case 2 -> replaced(text, random);
            default -> field(replaced(text, random), random);
          };
    }
    byte[] bytes = text.getBytes(UTF_8);
    if (random.nextInt(5) == 0 && bytes.length > 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  private static String field(String text, Random random) {
    int end = text.lastIndexOf('}');
    String name = FIELDS.get(random.nextInt(FIELDS.size()));
    return end < 0
        ? text
        : text.substring(0, end) + ",\"" + name + "\":" + value(random, 3) + text.substring(end);
  }

  /** One of the values in it is another. */
  private static String replaced(String text, Random random) {
    List<Integer> colons = new ArrayList<>();
    for (int i = text.indexOf(':'); i >= 0; i = text.indexOf(':', i + 1)) {
      colons.add(i);
    }
    if (colons.isEmpty()) {
      return text;
    }
    int from = colons.get(random.nextInt(colons.size())) + 1;
    int to = from;
    while (to < text.length() && ",}]".indexOf(text.charAt(to)) < 0) {
      to++;
    }
    return text.substring(0, from) + value(random, 3) + text.substring(to);
  }

  private static String value(Random random, int depth) {
    String[] plain = {
      "null",
      "true",
      "false",
      "0",
      "-1",
      "1",
      "2",
      "0.5",
      "1e400",
      "-1e400",
      "9223372036854775808",
      "99999999999999999999999999999999999999999",
      "1e-400",
      "\"\"",
      "\"tiny\"",
      "\"x\"",
      "\"\\u0000\"",
      "\"\\ud800\"",
      "\"" + "ab ".repeat(200) + "\"",
      "\"json\"",
      "\"function\"",
      "\"text\"",
      "\"user\"",
      "\"assistant\"",
      "\"tool\"",
      "\"required\"",
      "\"any\"",
      "\"enabled\"",
      "\"json_schema\"",
      "\"json_object\""
    };
    if (depth == 0 || random.nextInt(3) > 0) {
      return plain[random.nextInt(plain.length)];
    }
    String[] names = {
      "type",
      "role",
      "content",
      "text",
      "name",
      "function",
      "schema",
      "json_schema",
      "format",
      "parameters",
      "id",
      "tool_calls",
      "arguments",
      "input_schema",
      "effort",
      "budget_tokens",
      "include_usage",
      "call_id",
      "output",
      "tool_use_id",
      "input",
      "-1",
      "5",
      "999999"
    };
    StringBuilder all = new StringBuilder();
    boolean object = random.nextBoolean();
    for (int i = random.nextInt(4); i > 0; i--) {
      all.append(all.isEmpty() ? "" : ",");
      if (object) {
        all.append('"').append(names[random.nextInt(names.length)]).append("\":");
      }
      all.append(value(random, depth - 1));
    }
    return object ? "{" + all + "}" : "[" + all + "]";
  }
}
