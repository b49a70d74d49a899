package dev.hadal.engine;

/**
 * What an engine does and has done, as of its last step.
 *
 * @param running sequences that are computed
 * @param waiting sequences that are not yet, or not any more for want of room
 * @param blocksUsed blocks of the cache that running sequences hold
 * @param blocksCached blocks that nobody holds, kept for the next with the same beginning
 * @param blocksTotal blocks there may be
 * @param cacheBytes off-heap bytes of the cache
 * @param scratchBytes off-heap bytes of activations
 * @param requests all that were taken
 * @param promptTokens tokens of their prompts
 * @param prefixHitTokens those of them that the cache knew already
 * @param generatedTokens tokens of answers
 * @param preemptions how often a sequence had to give its blocks back and wait
 * @param draftedTokens tokens that were guessed
 * @param acceptedTokens guesses that were right
 * @param steps forward passes
 */
public record EngineStats(
    int running,
    int waiting,
    int blocksUsed,
    int blocksCached,
    int blocksTotal,
    long cacheBytes,
    long scratchBytes,
    long requests,
    long promptTokens,
    long prefixHitTokens,
    long generatedTokens,
    long preemptions,
    long draftedTokens,
    long acceptedTokens,
    long steps) {
  /** The part of the guesses that were right; 0 where there was none. */
  public double acceptance() {
    return draftedTokens == 0 ? 0 : (double) acceptedTokens / draftedTokens;
  }
}
