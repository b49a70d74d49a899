package dev.hadal.engine;

/**
 * Who guesses the next tokens, which the model then checks all at once. What comes out is what
 * would have come out without, token by token; only the time differs.
 */
public enum Speculation {
  /** Nobody. */
  NONE,
  /** What followed the same last tokens earlier in the text: for answers that repeat the prompt. */
  NGRAM,
  /** A smaller model with the same vocabulary. */
  DRAFT_MODEL,
  /** The layer for it that the checkpoint brings (DeepSeek's multi-token prediction). */
  MTP
}
