package dev.hadal.engine;

import dev.hadal.backend.Backend;
import dev.hadal.backend.CacheSpec;
import dev.hadal.backend.Kernels;
import dev.hadal.backend.KvCache;
import dev.hadal.backend.Rows;
import dev.hadal.model.Model;
import dev.hadal.model.NextToken;
import dev.hadal.ops.Ops;
import dev.hadal.tensor.Scratch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The loop that answers: schedule, forward, sample, again. Its one thread owns model, cache and
 * scheduler; {@link #submit} and the streams it returns may be used from any thread.
 *
 * <p>It does not own the model's weights or the back end; close it before them.
 */
public final class Engine implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Engine.class.getName());

  private static final String NO_DRAFT =
      "speculation by a draft model needs one: a smaller model of the same vocabulary";
  private static final String NO_MTP =
      "this checkpoint brings no layer that guesses ahead; use ngram or a draft model";

  private final EngineOptions options;
  private final int vocabSize;
  private final Scratch scratch = new Scratch();
  private final KvCache cache;
  private final Scheduler scheduler;
  private final Runner runner;
  private final Drafter drafter;
  private final Conversations conversations;
  private final ReentrantLock cacheInUse = new ReentrantLock(); // by others than our thread
  private final Queue<FutureTask<?>> errands = new ConcurrentLinkedQueue<>();
  private final Queue<Sequence> submitted = new ConcurrentLinkedQueue<>();
  private final AtomicInteger present = new AtomicInteger(); // submitted and not ended
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong promptTokens = new AtomicLong();
  private final Thread thread;
  private volatile boolean closed;
  private volatile EngineStats stats;
  private volatile double secondsEach = 1; // of a sequence, from submission to its end, lately
  private boolean memoryHeld = true;

  /**
   * @param vocabSize the width of the model's logits
   * @param stopTokens tokens by which the model says that it has finished
   * @throws CapacityException if the cache's bytes don't hold a single block
   */
  public Engine(
      Model model, Backend backend, EngineOptions options, int vocabSize, Set<Integer> stopTokens) {
    this(model, null, backend, options, vocabSize, stopTokens);
  }

  /**
   * As above, with a model that guesses.
   *
   * @param draft a smaller model of the same vocabulary, for {@link Speculation#DRAFT_MODEL}
   * @throws IllegalArgumentException if it is wanted and missing
   */
  public Engine(
      Model model,
      @Nullable Model draft,
      Backend backend,
      EngineOptions options,
      int vocabSize,
      Set<Integer> stopTokens) {
    if (options.speculation() == Speculation.DRAFT_MODEL && draft == null) {
      throw new IllegalArgumentException(NO_DRAFT);
    }
    this.options = options;
    this.vocabSize = vocabSize;
    Optional<NextToken> layer = nextToken(model, options);
    List<CacheSpec> layers = new ArrayList<>(model.cacheSpec());
    layer.ifPresent(own -> layers.add(own.cacheSpec()));
    this.cache = new KvCache(layers, blocks(layers, options), options.kvType());
    Map<Rows, Kernels> kernels = kernels(backend.kernels(), options);
    this.scheduler = new Scheduler(cache, options, order(model, options, kernels), this::ended);
    Map<Rows, Ops> ops = new EnumMap<>(Rows.class);
    kernels.forEach((rows, own) -> ops.put(rows, new Ops(own, scratch)));
    this.runner =
        new Runner(
            model,
            rows -> Objects.requireNonNull(ops.get(rows)),
            scratch,
            scheduler,
            Set.copyOf(stopTokens),
            layer.map(own -> new NextTokenDrafter(model, own, Scheduler.MOST_DRAFTS)).orElse(null),
            options.maxDraft());
    this.drafter = drafter(draft, backend, options);
    this.conversations = new Conversations(cache, scheduler.blocks(), this::call);
    this.stats = currentStats();
    this.thread = Thread.ofPlatform().name("hadal-engine").daemon().start(this::run);
  }

  private static Map<Rows, Kernels> kernels(Kernels any, EngineOptions options) {
    Map<Rows, Kernels> kernels = new EnumMap<>(Rows.class);
    boolean oneRow = options.maxSequences() == 1 && options.speculation() == Speculation.NONE;
    for (Rows rows : Rows.values()) {
      boolean alike = !options.deterministic() || (rows == Rows.ANSWER && oneRow);
      kernels.put(rows, alike ? any : any.forRows(rows));
    }
    return kernels;
  }

  private static Scheduler.Order order(
      Model model, EngineOptions options, Map<Rows, Kernels> kernels) {
    if (!options.deterministic()) {
      return Scheduler.Order.TOGETHER;
    }
    if (!Objects.equals(kernels.get(Rows.PROMPT), kernels.get(Rows.ANSWER))) {
      return Scheduler.Order.APART;
    }
    boolean latent = model.cacheSpec().stream().anyMatch(CacheSpec.Latent.class::isInstance);
    return latent ? Scheduler.Order.KINDS : Scheduler.Order.TOGETHER;
  }

  private static Optional<NextToken> nextToken(Model model, EngineOptions options) {
    if (options.speculation() != Speculation.MTP) {
      return Optional.empty();
    }
    Optional<NextToken> layer = model.nextToken();
    if (layer.isEmpty()) {
      throw new IllegalArgumentException(NO_MTP);
    }
    return layer;
  }

  private Drafter drafter(@Nullable Model draft, Backend backend, EngineOptions options) {
    return switch (options.speculation()) {
      case NONE, MTP -> Drafter.NONE; // the runner lets a model's own layer guess
      case NGRAM -> new NgramDrafter(options.maxDraft());
      case DRAFT_MODEL -> {
        Model guessing = Objects.requireNonNull(draft, NO_DRAFT);
        yield new ModelDrafter(guessing, backend.kernels(), cache.blockCount());
      }
    };
  }

  private static int blocks(List<CacheSpec> layers, EngineOptions options) {
    // A block more for each sequence: the last one of each is seldom full.
    long blocks = (long) KvCache.blocksFor(options.cacheTokens()) + options.maxSequences();
    if (options.cacheBytes() > 0) {
      long each = KvCache.bytesPerToken(layers, options.kvType()) * KvCache.BLOCK_TOKENS;
      blocks = Math.min(blocks, options.cacheBytes() / Math.max(1, each));
      if (blocks == 0) {
        throw new CapacityException(
            "the cache may take %,d bytes, but %d tokens take %,d; give it more"
                .formatted(options.cacheBytes(), KvCache.BLOCK_TOKENS, each));
      }
    }
    return Math.toIntExact(blocks);
  }

  public EngineOptions options() {
    return options;
  }

  /** As {@link #submit(Request)}, with nothing but a prompt and parameters. */
  public TokenStream submit(int[] prompt, SamplingParams params) {
    return submit(Request.of(prompt, params));
  }

  /**
   * Asks for an answer to a prompt.
   *
   * @throws IllegalArgumentException if the prompt is empty or a token is outside the vocabulary
   * @throws QueueFullException if as many requests wait as may
   * @throws CapacityException if the prompt leaves no room for an answer
   */
  public TokenStream submit(Request request) {
    checkOpen();
    check(request);
    int length = request.prompt().length;
    int context = contextLength();
    if (length + (request.promptOnly() ? 0 : 1) > context) {
      throw new CapacityException(
          "the prompt has %d tokens, the context holds %d and needs room for an answer; shorten the prompt or open the model with a longer context"
              .formatted(length, context));
    }
    int room = context - length;
    int most = request.params().maxTokens();
    return add(request, null, length + (most == 0 ? room : Math.min(room, most)));
  }

  /**
   * A text's vector: what the model's last layer, normalised, says of it. Not yet of length 1.
   *
   * @param tokens the text, with what the model wants at its ends
   * @throws IllegalArgumentException if there is no token, or one outside the vocabulary
   * @throws QueueFullException if as many requests wait as may
   * @throws CapacityException if the text is longer than the context
   * @throws IllegalStateException if the engine failed or was closed, or the caller interrupted
   */
  public float[] embed(int[] tokens, Pooling pooling) {
    checkOpen();
    Request request = Request.of(tokens, SamplingParams.greedy()).withPromptOnly(true);
    check(request);
    if (tokens.length > contextLength()) {
      throw new CapacityException(
          "the text has %d tokens, the context holds %d; cut the text or open the model with a longer context"
              .formatted(tokens.length, contextLength()));
    }
    try (TokenStream stream = add(request, pooling, tokens.length)) {
      stream.next();
      float[] vector = stream.vector();
      if (vector == null) {
        throw new IllegalStateException("interrupted while a text was embedded");
      }
      return vector;
    }
  }

  /**
   * Saves what the cache knows of a text, so that {@link #restore} takes it up after a restart.
   * Others' answers go on meanwhile.
   *
   * @param fingerprint tells this model, and this way of computing, from others
   * @param tokens a text whose beginning was computed: as many whole blocks of it as are known
   * @return how many tokens were saved
   * @throws IOException if the file cannot be written
   */
  public int save(Path file, String fingerprint, int[] tokens) throws IOException {
    cacheInUse.lock();
    try {
      checkOpen();
      return conversations.save(file, fingerprint, tokens);
    } finally {
      cacheInUse.unlock();
    }
  }

  /**
   * Takes up what was saved, as far as the cache has room: a prompt that begins so begins there.
   *
   * @return how many tokens the cache knows now of the text
   * @throws IllegalArgumentException if it is no such file, or another model's
   * @throws IOException if the file cannot be read
   */
  public int restore(Path file, String fingerprint) throws IOException {
    cacheInUse.lock();
    try {
      checkOpen();
      return conversations.restore(file, fingerprint);
    } finally {
      cacheInUse.unlock();
    }
  }

  /** Runs something on the engine's thread, between two steps, and waits for it. */
  private <T> T call(Callable<T> work) {
    FutureTask<T> errand = new FutureTask<>(work);
    errands.add(errand);
    LockSupport.unpark(thread);
    if (!thread.isAlive()) {
      runErrands(); // it ended before it saw this one
    }
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return errand.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("the engine's thread failed", e.getCause());
    } catch (CancellationException e) {
      throw new IllegalStateException("the engine is closed; open the model again to use it", e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void runErrands() {
    for (FutureTask<?> e = errands.poll(); e != null; e = errands.poll()) {
      if (closed) {
        e.cancel(false);
      } else {
        e.run();
      }
    }
  }

  private TokenStream add(Request request, @Nullable Pooling pooling, int maxLength) {
    int most = options.maxSequences() + options.maxQueue();
    if (present.incrementAndGet() > most) {
      present.decrementAndGet();
      Duration retry = retryAfter();
      throw new QueueFullException(
          "%d requests run and %d wait, which is all that may; come again in %d s"
              .formatted(options.maxSequences(), options.maxQueue(), retry.toSeconds()),
          retry);
    }
    TokenStream stream = new TokenStream(request.prompt().length);
    requests.incrementAndGet();
    promptTokens.addAndGet(request.prompt().length);
    submitted.add(new Sequence(request, pooling, maxLength, stream));
    LockSupport.unpark(thread);
    return stream;
  }

  private void check(Request request) {
    if (request.prompt().length == 0) {
      throw new IllegalArgumentException("the prompt is empty; it needs at least one token");
    }
    for (int token : request.prompt()) {
      checkToken("prompt", token);
    }
    request.params().logitBias().keySet().forEach(token -> checkToken("logit_bias", token));
    request.logprobsOf().forEach(token -> checkToken("logprobs", token));
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

  /** Most tokens of a sequence: the context, or what the cache has room for. */
  private int contextLength() {
    long cached = (long) cache.blockCount() * KvCache.BLOCK_TOKENS;
    return (int) Math.min(options.contextLength(), cached);
  }

  /** When one of those that wait will probably have come to its turn. */
  private Duration retryAfter() {
    double seconds = secondsEach / options.maxSequences();
    return Duration.ofSeconds(Math.clamp((long) Math.ceil(seconds), 1, 60));
  }

  /** What it does and has done, as of its last step. */
  public EngineStats stats() {
    return stats;
  }

  /** Off-heap bytes held beyond the weights: cache and activations. */
  public long totalBytes() {
    return cache.totalBytes() + scratch.totalBytes() + drafter.totalBytes();
  }

  private void run() {
    try {
      while (!closed) {
        boolean busy = step();
        stats = currentStats();
        if (!busy) {
          LockSupport.park(this);
        }
      }
      runErrands();
      drain();
      scheduler.failAll(new IllegalStateException("it was closed"));
      stats = currentStats();
    } catch (RuntimeException | Error e) { // a fault in a mapped file arrives as an Error
      closed = true;
      runErrands();
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
    runErrands();
    drain();
    long start = System.nanoTime();
    scheduler.draft(drafter);
    List<Step> steps = scheduler.schedule();
    steps.forEach(runner::run);
    scheduler.took(System.nanoTime() - start);
    return !steps.isEmpty();
  }

  private void ended(Sequence sequence) {
    drafter.forget(sequence);
    present.decrementAndGet();
    double before = secondsEach; // this thread alone writes it
    secondsEach = before + 0.1 * (sequence.ageNanos() / 1e9 - before);
  }

  private EngineStats currentStats() {
    List<Sequence> running = scheduler.running();
    return new EngineStats(
        running.size(),
        scheduler.waiting() + submitted.size(),
        scheduler.blocks().used(),
        scheduler.blocks().cached(),
        scheduler.blocks().capacity(),
        cache.totalBytes(),
        scratch.totalBytes(),
        requests.get(),
        promptTokens.get(),
        scheduler.prefixHitTokens(),
        runner.generatedTokens(),
        scheduler.preemptions(),
        runner.draftedTokens(),
        runner.acceptedTokens(),
        runner.steps());
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
    cacheInUse.lock();
    try {
      if (memoryHeld) {
        memoryHeld = false;
        drafter.close();
        cache.close();
        scratch.close();
      }
    } finally {
      cacheInUse.unlock();
    }
  }
}
