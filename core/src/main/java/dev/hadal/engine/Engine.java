package dev.hadal.engine;

import dev.hadal.backend.Backend;
import dev.hadal.backend.Batch;
import dev.hadal.backend.KvCache;
import dev.hadal.model.Model;
import dev.hadal.ops.Ops;
import dev.hadal.tensor.Scratch;
import dev.hadal.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * The loop that answers: schedule, forward, sample, again. Its one thread owns model, cache and
 * scheduler; {@link #submit} and the streams it returns may be used from any thread.
 *
 * <p>It does not own the model's weights or the back end; close it before them.
 */
public final class Engine implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Engine.class.getName());

  private final Model model;
  private final EngineOptions options;
  private final Set<Integer> stopTokens;
  private final int vocabSize;
  private final Scratch scratch = new Scratch();
  private final Ops ops;
  private final KvCache cache;
  private final Scheduler scheduler;
  private final Queue<Sequence> submitted = new ConcurrentLinkedQueue<>();
  private final Thread thread;
  private volatile boolean closed;
  private boolean memoryHeld = true;

  /**
   * @param vocabSize the width of the model's logits
   * @param stopTokens tokens by which the model says that it has finished
   */
  public Engine(
      Model model, Backend backend, EngineOptions options, int vocabSize, Set<Integer> stopTokens) {
    this.model = model;
    this.options = options;
    this.vocabSize = vocabSize;
    this.stopTokens = Set.copyOf(stopTokens);
    this.ops = new Ops(backend.kernels(), scratch);
    // A block more for each sequence: the last one of each is seldom full.
    int blocks = KvCache.blocksFor(options.cacheTokens()) + options.maxSequences();
    this.cache = new KvCache(model.cacheSpec(), blocks);
    this.scheduler = new Scheduler(cache, options.maxBatchTokens(), options.maxSequences());
    this.thread = Thread.ofPlatform().name("hadal-engine").daemon().start(this::run);
  }

  public EngineOptions options() {
    return options;
  }

  /**
   * Asks for an answer to a prompt.
   *
   * @throws IllegalArgumentException if the prompt is empty or has a token outside the vocabulary
   * @throws CapacityException if the prompt leaves no room for an answer
   */
  public TokenStream submit(int[] prompt, SamplingParams params) {
    checkOpen();
    if (prompt.length == 0) {
      throw new IllegalArgumentException("the prompt is empty; it needs at least one token");
    }
    for (int token : prompt) {
      checkToken("prompt", token);
    }
    params.logitBias().keySet().forEach(token -> checkToken("logit_bias", token));
    if (prompt.length >= options.contextLength()) {
      throw new CapacityException(
          "the prompt has %d tokens, the context holds %d and needs room for an answer; shorten the prompt or open the model with a longer context"
              .formatted(prompt.length, options.contextLength()));
    }
    int room = options.contextLength() - prompt.length;
    int answer = params.maxTokens() == 0 ? room : Math.min(room, params.maxTokens());
    TokenStream stream = new TokenStream(prompt.length);
    submitted.add(
        new Sequence(
            prompt,
            prompt.length + answer,
            params,
            new Sampler(params, vocabSize, prompt),
            stream));
    LockSupport.unpark(thread);
    return stream;
  }

  /** Off-heap bytes held beyond the weights: cache and activations. */
  public long totalBytes() {
    return cache.totalBytes() + scratch.totalBytes();
  }

  private void checkToken(String where, int token) {
    if (token < 0 || token >= vocabSize) {
      throw new IllegalArgumentException(
          "%s: token %d is outside the vocabulary of %d; was the text encoded with this model's tokenizer?"
              .formatted(where, token, vocabSize));
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the engine is closed; open the model again to use it");
    }
  }

  private void run() {
    try {
      while (!closed) {
        if (!step()) {
          LockSupport.park(this);
        }
      }
      drain();
      scheduler.failAll(new IllegalStateException("it was closed"));
    } catch (RuntimeException | Error e) { // a fault in a mapped file arrives as an Error
      closed = true;
      LOG.log(System.Logger.Level.ERROR, "the engine stopped", e);
      drain();
      scheduler.failAll(e);
    }
  }

  private void drain() {
    for (Sequence s = submitted.poll(); s != null; s = submitted.poll()) {
      scheduler.add(s);
    }
  }

  /** One step; false when there was nothing to do. */
  private boolean step() {
    drain();
    Optional<Batch> scheduled = scheduler.schedule();
    if (scheduled.isEmpty()) {
      return false;
    }
    Batch batch = scheduled.get();
    scratch.reset();
    Tensor logits_RV = model.forward(ops, batch);
    scheduler.computed(batch);
    List<Sequence> producing = List.copyOf(scheduler.producing());
    for (int row = 0; row < producing.size(); row++) {
      Sequence sequence = producing.get(row);
      int token = sequence.sampler().sample(logits_RV, row);
      sequence.append(token);
      boolean stop = stopTokens.contains(token) && !sequence.params().ignoreEos();
      if (!stop) {
        sequence.stream().put(token);
      }
      if (stop || sequence.isFull()) {
        scheduler.finish(sequence, stop ? FinishReason.STOP : FinishReason.LENGTH);
      }
    }
    return true;
  }

  /** Ends every stream, stops the thread, frees cache and activations. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true; // the thread reads memory that we are about to free: it must end first
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (memoryHeld) {
      memoryHeld = false;
      cache.close();
      scratch.close();
    }
  }
}
