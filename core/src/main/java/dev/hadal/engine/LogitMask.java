package dev.hadal.engine;

/**
 * Which tokens may come next in one answer: how a grammar holds a model to a form. The engine asks
 * before it samples and tells what was chosen. Owned by the engine's thread once submitted.
 */
public interface LogitMask {
  /**
   * The tokens that may come next, token {@code t} being bit {@code t % 64} of word {@code t / 64};
   * the tokens that end an answer among them where it may end here. At least one bit is set. The
   * array is the mask's own: it is read before the next call and never written by the caller.
   */
  long[] allowed();

  /** Goes on past an allowed token that was chosen. */
  void accept(int token);

  /** An independent copy in the same state: for drafts that may be taken back. */
  LogitMask fork();
}
