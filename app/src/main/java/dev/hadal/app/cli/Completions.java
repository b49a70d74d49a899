package dev.hadal.app.cli;

import dev.hadal.Hadal;
import dev.hadal.chat.ChatStream;
import dev.hadal.chat.dialect.Dialects;
import dev.hadal.chat.dialect.ReplyContext;
import dev.hadal.engine.FinishReason;
import dev.hadal.engine.SamplingParams;
import dev.hadal.engine.TokenStream;
import java.util.List;

/** What the commands that answer have in common. */
final class Completions {
  private Completions() {}

  /** Text that goes on from a prompt, with nothing told apart in it. */
  static ChatStream stream(Hadal hadal, String prompt, SamplingParams params) {
    return new ChatStream(
        hadal.complete(prompt, params),
        Dialects.plain().parser(new ReplyContext(false, List.of())));
  }

  /** Whether an answer ended because the context had no more room. */
  static boolean isContextFull(Hadal hadal, ChatStream stream) {
    TokenStream tokens = stream.tokens();
    return stream.finishReason().filter(FinishReason.LENGTH::equals).isPresent()
        && tokens.promptTokens() + tokens.generatedTokens() >= hadal.contextLength();
  }

  /** Says so. */
  static String contextFull(Hadal hadal) {
    return "the context of %,d tokens is full, the answer is cut".formatted(hadal.contextLength())
        + remedy(hadal);
  }

  /** What helps, if something does: a model has no use for more context than it was made for. */
  static String remedy(Hadal hadal) {
    int own = hadal.config().maxPositionEmbeddings();
    return hadal.contextLength() < own
        ? "; --context N opens a longer one, up to %,d".formatted(own)
        : "";
  }
}
