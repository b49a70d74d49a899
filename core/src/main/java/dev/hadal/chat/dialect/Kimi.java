package dev.hadal.chat.dialect;

import java.util.List;
import java.util.Optional;

/**
 * Kimi K2: {@code <|tool_call_begin|>functions.name:0<|tool_call_argument_begin|>{json}}. Source:
 * the chat template of moonshotai/Kimi-K2-Instruct on Hugging Face.
 */
final class Kimi implements Dialect {
  private static final SectionParser.Tags TAGS =
      new SectionParser.Tags(
          List.of("<|tool_calls_section_begin|>"),
          "<|tool_calls_section_end|>",
          "<|tool_call_begin|>",
          "<|tool_call_end|>");
  private static final String SEPARATOR = "<|tool_call_argument_begin|>";

  @Override
  public String name() {
    return "kimi";
  }

  @Override
  public Optional<CallFrame> callFrame() {
    return Optional.of(
        new CallFrame(
            "<|tool_calls_section_begin|><|tool_call_begin|>functions.",
            ":0" + SEPARATOR,
            "<|tool_call_end|><|tool_calls_section_end|>"));
  }

  @Override
  public StreamParser parser(ReplyContext context) {
    return new SectionParser(context, TAGS, Kimi::call);
  }

  private static Optional<CallJson.NamedArguments> call(String body) {
    int separator = body.indexOf(SEPARATOR);
    if (separator < 0) {
      return Optional.empty();
    }
    String id = body.substring(0, separator).strip();
    int counter = id.lastIndexOf(':');
    String name = (counter < 0 ? id : id.substring(0, counter)).replaceFirst("^functions\\.", "");
    return CallJson.object(body.substring(separator + SEPARATOR.length()))
        .filter(json -> !name.isEmpty())
        .map(json -> new CallJson.NamedArguments(name, json));
  }
}
