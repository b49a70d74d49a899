package dev.hadal.chat.dialect;

import java.util.Optional;

/**
 * DeepSeek-R1 and its distilled models: thinks first, and its prompt ends with {@code <think>}, so
 * that the reply starts inside; calls as in {@link DeepSeekV3}. Source: the chat template of
 * deepseek-ai/DeepSeek-R1 on Hugging Face.
 */
final class DeepSeekR1 implements Dialect {
  @Override
  public String name() {
    return "deepseek-r1";
  }

  @Override
  public Optional<CallFrame> callFrame() {
    return Optional.of(DeepSeekV3.FRAME);
  }

  @Override
  public StreamParser parser(ReplyContext context) {
    return new SectionParser(context, DeepSeekV3.TAGS, DeepSeekV3::call);
  }
}
