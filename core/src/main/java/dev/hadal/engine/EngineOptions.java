package dev.hadal.engine;

/**
 * How much an engine takes on.
 *
 * @param contextLength most tokens of one sequence, prompt and answer together
 * @param cacheTokens most tokens of all running sequences; memory is taken as they grow
 * @param maxBatchTokens most tokens of one step: longer prompts are computed in chunks of it
 * @param maxSequences most sequences that run at a time; more wait
 */
public record EngineOptions(
    int contextLength, int cacheTokens, int maxBatchTokens, int maxSequences) {
  public EngineOptions {
    if (contextLength < 1
        || cacheTokens < contextLength
        || maxBatchTokens < 1
        || maxSequences < 1) {
      throw new IllegalArgumentException(
          "engine options must be positive and the cache at least one context: "
              + contextLength
              + " context, "
              + cacheTokens
              + " cache, "
              + maxBatchTokens
              + " a batch, "
              + maxSequences
              + " sequences");
    }
  }

  /** One user at a time. */
  public static EngineOptions single(int contextLength) {
    return new EngineOptions(contextLength, contextLength, 512, 1);
  }
}
