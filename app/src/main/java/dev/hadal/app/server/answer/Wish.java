package dev.hadal.app.server.answer;

import dev.hadal.chat.Tool;
import dev.hadal.engine.SamplingParams;
import dev.hadal.grammar.Grammar;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an answer is wanted.
 *
 * @param form what the answer, after any thinking, is held to; null for nothing
 * @param logprobs as {@link dev.hadal.engine.Request#logprobs}
 * @param promptLogprobs as {@link dev.hadal.engine.Request#promptLogprobs}
 * @param thinkingTokens most tokens of thinking, after which it is ended; -1 for as many as it
 *     takes
 * @param mustCall one of these tools has to be called; none: the model decides
 * @param oneCall the answer ends with its first call
 */
public record Wish(
    SamplingParams params,
    @Nullable Grammar form,
    int logprobs,
    int promptLogprobs,
    int thinkingTokens,
    List<Tool> mustCall,
    boolean oneCall) {
  public Wish {
    mustCall = List.copyOf(mustCall);
  }

  public static Wish of(SamplingParams params) {
    return new Wish(params, null, -1, -1, -1, List.of(), false);
  }

  public Wish withParams(SamplingParams value) {
    return new Wish(value, form, logprobs, promptLogprobs, thinkingTokens, mustCall, oneCall);
  }

  public Wish withForm(@Nullable Grammar value) {
    return new Wish(params, value, logprobs, promptLogprobs, thinkingTokens, mustCall, oneCall);
  }

  public Wish withLogprobs(int value) {
    return new Wish(params, form, value, promptLogprobs, thinkingTokens, mustCall, oneCall);
  }

  public Wish withPromptLogprobs(int value) {
    return new Wish(params, form, logprobs, value, thinkingTokens, mustCall, oneCall);
  }

  public Wish withThinkingTokens(int value) {
    return new Wish(params, form, logprobs, promptLogprobs, value, mustCall, oneCall);
  }

  public Wish withMustCall(List<Tool> value) {
    return new Wish(params, form, logprobs, promptLogprobs, thinkingTokens, value, oneCall);
  }

  public Wish withOneCall(boolean value) {
    return new Wish(params, form, logprobs, promptLogprobs, thinkingTokens, mustCall, value);
  }

  /** The same for the i-th of several answers: a seed gives each its own. */
  Wish numbered(int i) {
    return i == 0 || params.seed().isEmpty()
        ? this
        : withParams(params.withSeed(params.seed().getAsLong() + i));
  }
}
