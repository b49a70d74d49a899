package dev.hadal.chat.dialect;

import java.util.Optional;

/**
 * DeepSeek-V3.1: {@code <｜tool▁call▁begin｜>name<｜tool▁sep｜>{json}<｜tool▁call▁end｜>}. Source: the
 * chat template of deepseek-ai/DeepSeek-V3.1 on Hugging Face.
 */
final class DeepSeekV31 implements Dialect {
  @Override
  public String name() {
    return "deepseek-v3.1";
  }

  @Override
  public Optional<CallFrame> callFrame() {
    return Optional.of(
        new CallFrame(
            "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>",
            DeepSeekV3.SEPARATOR,
            "<｜tool▁call▁end｜><｜tool▁calls▁end｜>"));
  }

  @Override
  public StreamParser parser(ReplyContext context) {
    return new SectionParser(context, DeepSeekV3.TAGS, DeepSeekV31::call);
  }

  private static Optional<CallJson.NamedArguments> call(String body) {
    int separator = body.indexOf(DeepSeekV3.SEPARATOR);
    if (separator <= 0) {
      return Optional.empty();
    }
    String name = body.substring(0, separator).strip();
    String arguments = body.substring(separator + DeepSeekV3.SEPARATOR.length());
    return CallJson.object(arguments)
        .map(json -> new CallJson.NamedArguments(name, json))
        // It sometimes falls back to the form it learned before.
        .or(() -> DeepSeekV3.call(body));
  }
}
