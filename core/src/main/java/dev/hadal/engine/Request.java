package dev.hadal.engine;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an engine is asked for.
 *
 * @param prompt token ids
 * @param params how tokens are chosen and when to stop
 * @param mask which tokens may come next; null for all. One request's own
 * @param logprobs how many likeliest tokens are reported with each generated one; 0 reports the
 *     generated one alone, -1 nothing
 * @param promptLogprobs the same for the prompt's tokens
 * @param logprobsOf tokens that are reported with each, however unlikely
 * @param promptOnly generate nothing: for the prompt's own probabilities
 * @param timeout how long it may take from submission, the wait included; zero for as long as it
 *     takes
 */
public record Request(
    int[] prompt,
    SamplingParams params,
    @Nullable LogitMask mask,
    int logprobs,
    int promptLogprobs,
    List<Integer> logprobsOf,
    boolean promptOnly,
    Duration timeout) {
  /** Most likeliest tokens that are reported. */
  public static final int MOST_LOGPROBS = 100;

  public Request {
    if (logprobs < -1
        || promptLogprobs < -1
        || logprobs > MOST_LOGPROBS
        || promptLogprobs > MOST_LOGPROBS) {
      throw new IllegalArgumentException(
          "logprobs is "
              + logprobs
              + " and promptLogprobs "
              + promptLogprobs
              + "; expected -1 (none) to "
              + MOST_LOGPROBS);
    }
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("timeout is " + timeout + "; expected 0 (none) or more");
    }
    logprobsOf = List.copyOf(logprobsOf);
  }

  /** A prompt and how to go on from it. */
  public static Request of(int[] prompt, SamplingParams params) {
    return new Request(prompt, params, null, -1, -1, List.of(), false, Duration.ZERO);
  }

  public Request withMask(@Nullable LogitMask value) {
    return new Request(
        prompt, params, value, logprobs, promptLogprobs, logprobsOf, promptOnly, timeout);
  }

  public Request withLogprobs(int value) {
    return new Request(
        prompt, params, mask, value, promptLogprobs, logprobsOf, promptOnly, timeout);
  }

  public Request withPromptLogprobs(int value) {
    return new Request(prompt, params, mask, logprobs, value, logprobsOf, promptOnly, timeout);
  }

  public Request withLogprobsOf(List<Integer> value) {
    return new Request(prompt, params, mask, logprobs, promptLogprobs, value, promptOnly, timeout);
  }

  public Request withPromptOnly(boolean value) {
    return new Request(prompt, params, mask, logprobs, promptLogprobs, logprobsOf, value, timeout);
  }

  public Request withTimeout(Duration value) {
    return new Request(
        prompt, params, mask, logprobs, promptLogprobs, logprobsOf, promptOnly, value);
  }
}
