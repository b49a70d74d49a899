package dev.hadal.app.store;

import org.jspecify.annotations.Nullable;

/**
 * How a conversation is answered.
 *
 * @param system the system prompt; empty for none
 * @param thinking what the template is told of it; null: nothing
 */
public record Settings(String system, @Nullable Boolean thinking, Sampling sampling) {
  /** No system prompt, all else as the model has it. */
  public static final Settings DEFAULT = new Settings("", null, Sampling.DEFAULT);
}
