package dev.hadal.engine;

import dev.hadal.tensor.DType;
import java.util.function.Consumer;

/**
 * How much an engine takes on.
 *
 * @param contextLength most tokens of one sequence, prompt and answer together
 * @param cacheTokens most tokens the cache holds, of all sequences; memory is taken as they grow
 * @param cacheBytes most bytes the cache takes, if that is less; 0 for no such limit
 * @param maxBatchTokens most tokens of one step: longer prompts are computed in chunks of it
 * @param maxSequences most sequences that run at a time; more wait
 * @param maxQueue most sequences that wait; more are refused
 * @param kvType what keys and values are stored as: {@link DType#F16}, or {@link DType#Q8_0} for
 *     little more than half of the memory
 * @param prefixCache keep what was computed for the next prompt that begins the same
 * @param deterministic the same request with the same seed gives the same tokens, whatever is
 *     computed beside it; costs time where a back end would add up in other ways for more rows at
 *     once (the {@code simd} back end; latent attention) and forgets those models' answers, though
 *     not their prompts, when a conversation goes on
 * @param speculation who guesses tokens ahead
 * @param maxDraft most tokens guessed at a time
 */
public record EngineOptions(
    int contextLength,
    int cacheTokens,
    long cacheBytes,
    int maxBatchTokens,
    int maxSequences,
    int maxQueue,
    DType kvType,
    boolean prefixCache,
    boolean deterministic,
    Speculation speculation,
    int maxDraft) {
  /** As many requests may wait unless told otherwise. */
  public static final int DEFAULT_QUEUE = 1024;

  private static final int DEFAULT_DRAFT = 6;

  public EngineOptions {
    if (contextLength < 1
        || cacheTokens < 1
        || cacheBytes < 0
        || maxBatchTokens < 1
        || maxSequences < 1
        || maxQueue < 0
        || maxDraft < 1) {
      throw new IllegalArgumentException(
          "engine options must be positive: "
              + contextLength
              + " context, "
              + cacheTokens
              + " cache tokens, "
              + cacheBytes
              + " cache bytes, "
              + maxBatchTokens
              + " a batch, "
              + maxSequences
              + " sequences, "
              + maxQueue
              + " waiting, "
              + maxDraft
              + " guesses");
    }
    if (kvType != DType.F16 && kvType != DType.Q8_0) {
      throw new IllegalArgumentException(
          "the cache's type is " + kvType + "; keys and values are stored as F16 or Q8_0");
    }
  }

  public EngineOptions(int contextLength, int cacheTokens, int maxBatchTokens, int maxSequences) {
    this(
        contextLength,
        cacheTokens,
        0,
        maxBatchTokens,
        maxSequences,
        DEFAULT_QUEUE,
        DType.F16,
        true,
        true,
        Speculation.NONE,
        DEFAULT_DRAFT);
  }

  /** One user at a time. */
  public static EngineOptions single(int contextLength) {
    return new EngineOptions(contextLength, contextLength, 512, 1);
  }

  /** Several at a time: room for all of them at once, should they come to a whole context. */
  public static EngineOptions serving(int contextLength, int maxSequences) {
    long tokens = (long) contextLength * maxSequences;
    return new EngineOptions(
        contextLength, (int) Math.min(tokens, Integer.MAX_VALUE / 2), 512, maxSequences);
  }

  public EngineOptions withCacheTokens(int value) {
    return changed(fields -> fields.cacheTokens = value);
  }

  public EngineOptions withCacheBytes(long value) {
    return changed(fields -> fields.cacheBytes = value);
  }

  public EngineOptions withMaxBatchTokens(int value) {
    return changed(fields -> fields.maxBatchTokens = value);
  }

  public EngineOptions withMaxQueue(int value) {
    return changed(fields -> fields.maxQueue = value);
  }

  public EngineOptions withKvType(DType value) {
    return changed(fields -> fields.kvType = value);
  }

  public EngineOptions withPrefixCache(boolean value) {
    return changed(fields -> fields.prefixCache = value);
  }

  public EngineOptions withDeterministic(boolean value) {
    return changed(fields -> fields.deterministic = value);
  }

  /**
   * @param most most tokens guessed at a time
   */
  public EngineOptions withSpeculation(Speculation value, int most) {
    return changed(fields -> {
      fields.speculation = value;
      fields.maxDraft = most;
    });
  }

  private EngineOptions changed(Consumer<Fields> change) {
    Fields fields = new Fields(this);
    change.accept(fields);
    return new EngineOptions(
        contextLength,
        fields.cacheTokens,
        fields.cacheBytes,
        fields.maxBatchTokens,
        maxSequences,
        fields.maxQueue,
        fields.kvType,
        fields.prefixCache,
        fields.deterministic,
        fields.speculation,
        fields.maxDraft);
  }

  /** Those of the record's fields that change, while they do. */
  private static final class Fields {
    private int cacheTokens;
    private long cacheBytes;
    private int maxBatchTokens;
    private int maxQueue;
    private DType kvType;
    private boolean prefixCache;
    private boolean deterministic;
    private Speculation speculation;
    private int maxDraft;

    Fields(EngineOptions from) {
      cacheTokens = from.cacheTokens;
      cacheBytes = from.cacheBytes;
      maxBatchTokens = from.maxBatchTokens;
      maxQueue = from.maxQueue;
      kvType = from.kvType;
      prefixCache = from.prefixCache;
      deterministic = from.deterministic;
      speculation = from.speculation;
      maxDraft = from.maxDraft;
    }
  }
}
