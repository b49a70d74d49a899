package dev.hadal.chat.dialect;

import java.util.List;
import java.util.Optional;

/**
 * DeepSeek-V3: {@code <｜tool▁call▁begin｜>function<｜tool▁sep｜>name}, then the arguments in a fenced
 * block of JSON. Source: the chat template of deepseek-ai/DeepSeek-V3 on Hugging Face.
 */
final class DeepSeekV3 implements Dialect {
  /**
   * The tags of all DeepSeek models up to V3.1; beside the true ones stand spellings that occur.
   */
  static final SectionParser.Tags TAGS =
      new SectionParser.Tags(
          List.of(
              "<｜tool▁calls▁begin｜>",
              "<｜tool_calls_begin｜>",
              "<｜tool calls begin｜>",
              "<｜tool▁calls｜>"),
          "<｜tool▁calls▁end｜>",
          "<｜tool▁call▁begin｜>",
          "<｜tool▁call▁end｜>");

  static final String SEPARATOR = "<｜tool▁sep｜>";

  static final CallFrame FRAME =
      new CallFrame(
          "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function" + SEPARATOR,
          "\n```json\n",
          "\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>");

  @Override
  public String name() {
    return "deepseek-v3";
  }

  @Override
  public Optional<CallFrame> callFrame() {
    return Optional.of(FRAME);
  }

  @Override
  public StreamParser parser(ReplyContext context) {
    return new SectionParser(context, TAGS, DeepSeekV3::call);
  }

  static Optional<CallJson.NamedArguments> call(String body) {
    int separator = body.indexOf(SEPARATOR);
    String call = separator < 0 ? "" : body.substring(separator + SEPARATOR.length());
    int nameEnd = call.indexOf('\n');
    if (nameEnd < 0) {
      return Optional.empty();
    }
    String name = call.substring(0, nameEnd).strip();
    return CallJson.object(unfenced(call.substring(nameEnd)))
        .filter(json -> !name.isEmpty())
        .map(json -> new CallJson.NamedArguments(name, json));
  }

  private static String unfenced(String block) {
    String text = block.strip();
    if (text.startsWith("```")) {
      int line = text.indexOf('\n');
      text = line < 0 ? "" : text.substring(line + 1);
    }
    return text.endsWith("```") ? text.substring(0, text.length() - 3) : text;
  }
}
