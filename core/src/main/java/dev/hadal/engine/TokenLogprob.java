package dev.hadal.engine;

import java.util.List;

/**
 * How likely a token was to the model itself: before temperature, penalties, bias and masks.
 *
 * @param token the token that stands there
 * @param logprob the natural logarithm of its probability
 * @param top the likeliest tokens, likeliest first, then those that were asked for by name
 */
public record TokenLogprob(int token, float logprob, List<Alternative> top) {
  /** A token that might have stood there. */
  public record Alternative(int token, float logprob) {}

  public TokenLogprob {
    top = List.copyOf(top);
  }
}
