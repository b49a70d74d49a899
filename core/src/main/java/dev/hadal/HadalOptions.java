package dev.hadal;

import dev.hadal.engine.EngineOptions;
import dev.hadal.engine.Speculation;
import dev.hadal.tensor.DType;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How a model is opened.
 *
 * @param backend the back end's name; empty for the fastest that runs here
 * @param threads workers; 0 for one a physical core
 * @param contextLength most tokens of a conversation; 0 for as many as the model was made for.
 *     Memory is taken as it fills
 * @param maxSequences most answers that are computed at a time; more wait
 * @param maxQueue most requests that wait; more are refused
 * @param cacheBytes most bytes for what attention remembers; 0 for as many as all answers at a time
 *     may need
 * @param kvType what that is stored as, {@link DType#F16} or {@link DType#Q8_0}
 * @param speculation who guesses tokens ahead
 * @param draftModel the smaller model of {@link Speculation#DRAFT_MODEL}
 */
public record HadalOptions(
    String backend,
    int threads,
    int contextLength,
    int maxSequences,
    int maxQueue,
    long cacheBytes,
    DType kvType,
    Speculation speculation,
    Optional<Path> draftModel) {
  private static final HadalOptions DEFAULTS =
      new HadalOptions(
          "",
          0,
          0,
          1,
          EngineOptions.DEFAULT_QUEUE,
          0,
          DType.F16,
          Speculation.NONE,
          Optional.empty());

  public HadalOptions {
    if (threads < 0 || contextLength < 0) {
      throw new IllegalArgumentException(
          "threads and contextLength are 0 (choose for me) or more, found "
              + threads
              + " and "
              + contextLength);
    }
    if (maxSequences < 1 || maxQueue < 0 || cacheBytes < 0) {
      throw new IllegalArgumentException(
          "maxSequences is 1 or more, maxQueue and cacheBytes 0 or more, found "
              + maxSequences
              + ", "
              + maxQueue
              + " and "
              + cacheBytes);
    }
    if (speculation == Speculation.DRAFT_MODEL && draftModel.isEmpty()) {
      throw new IllegalArgumentException(
          "speculation by a draft model needs one; name it with withDraftModel");
    }
  }

  /** Everything chosen for this machine and the model; one answer at a time. */
  public static HadalOptions defaults() {
    return DEFAULTS;
  }

  public HadalOptions withBackend(String value) {
    return changed(fields -> fields.backend = value);
  }

  public HadalOptions withThreads(int value) {
    return changed(fields -> fields.threads = value);
  }

  public HadalOptions withContextLength(int value) {
    return changed(fields -> fields.contextLength = value);
  }

  public HadalOptions withMaxSequences(int value) {
    return changed(fields -> fields.maxSequences = value);
  }

  public HadalOptions withMaxQueue(int value) {
    return changed(fields -> fields.maxQueue = value);
  }

  public HadalOptions withCacheBytes(long value) {
    return changed(fields -> fields.cacheBytes = value);
  }

  public HadalOptions withKvType(DType value) {
    return changed(fields -> fields.kvType = value);
  }

  /** Guesses without another model: from the text itself, or by the checkpoint's own layer. */
  public HadalOptions withSpeculation(Speculation value) {
    return changed(fields -> fields.speculation = value);
  }

  /** Lets a smaller model of the same vocabulary guess. */
  public HadalOptions withDraftModel(Path model) {
    return changed(fields -> {
      fields.speculation = Speculation.DRAFT_MODEL;
      fields.draftModel = Optional.of(model);
    });
  }

  private HadalOptions changed(Consumer<Fields> change) {
    Fields fields = new Fields(this);
    change.accept(fields);
    return fields.toOptions();
  }

  /** The record's fields while they change. */
  private static final class Fields {
    private String backend;
    private int threads;
    private int contextLength;
    private int maxSequences;
    private int maxQueue;
    private long cacheBytes;
    private DType kvType;
    private Speculation speculation;
    private Optional<Path> draftModel;

    Fields(HadalOptions from) {
      backend = from.backend;
      threads = from.threads;
      contextLength = from.contextLength;
      maxSequences = from.maxSequences;
      maxQueue = from.maxQueue;
      cacheBytes = from.cacheBytes;
      kvType = from.kvType;
      speculation = from.speculation;
      draftModel = from.draftModel;
    }

    HadalOptions toOptions() {
      return new HadalOptions(
          backend,
          threads,
          contextLength,
          maxSequences,
          maxQueue,
          cacheBytes,
          kvType,
          speculation,
          draftModel);
    }
  }
}
