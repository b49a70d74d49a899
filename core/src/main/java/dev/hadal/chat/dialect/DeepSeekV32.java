package dev.hadal.chat.dialect;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * DeepSeek-V3.2: calls in its own markup, {@code <｜DSML｜invoke name="f">} with a {@code parameter}
 * element each, which says whether its text is a string or JSON. Source: the encoding published
 * with deepseek-ai/DeepSeek-V3.2 on Hugging Face.
 */
final class DeepSeekV32 implements Dialect {
  private static final SectionParser.Tags TAGS =
      new SectionParser.Tags(
          List.of("<｜DSML｜function_calls>"),
          "</｜DSML｜function_calls>",
          "<｜DSML｜invoke name=\"",
          "</｜DSML｜invoke>");
  private static final Pattern PARAMETER =
      Pattern.compile("<｜DSML｜parameter name=\"([^\"]*)\" string=\"(true|false)\">");
  private static final String PARAMETER_END = "</｜DSML｜parameter>";

  @Override
  public String name() {
    return "deepseek-v3.2";
  }

  @Override
  public StreamParser parser(ReplyContext context) {
    return new SectionParser(context, TAGS, DeepSeekV32::call);
  }

  private static Optional<CallJson.NamedArguments> call(String body) {
    int nameEnd = body.indexOf("\">");
    if (nameEnd <= 0) {
      return Optional.empty();
    }
    ObjectNode arguments = JsonMapper.shared().createObjectNode();
    int at = nameEnd + 2;
    Matcher parameter = PARAMETER.matcher(body);
    while (parameter.find(at)) {
      int end = body.indexOf(PARAMETER_END, parameter.end());
      if (end < 0 || !body.substring(at, parameter.start()).isBlank()) {
        return Optional.empty();
      }
      String text = body.substring(parameter.end(), end);
      if (parameter.group(2).equals("true")) {
        arguments.put(parameter.group(1), text);
      } else {
        Optional<JsonNode> value = CallJson.read(text);
        if (value.isEmpty()) {
          return Optional.empty();
        }
        arguments.set(parameter.group(1), value.get());
      }
      at = end + PARAMETER_END.length();
    }
    return body.substring(at).isBlank()
        ? Optional.of(new CallJson.NamedArguments(body.substring(0, nameEnd), arguments.toString()))
        : Optional.empty();
  }
}
