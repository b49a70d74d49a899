package dev.hadal;

import dev.hadal.backend.Backend;
import dev.hadal.backend.Backends;
import dev.hadal.backend.Cores;
import dev.hadal.chat.ChatModel;
import dev.hadal.chat.ChatRequest;
import dev.hadal.chat.ChatStream;
import dev.hadal.chat.ChatTemplate;
import dev.hadal.chat.ChatTemplates;
import dev.hadal.chat.Message;
import dev.hadal.chat.dialect.Dialects;
import dev.hadal.chat.dialect.ReplyContext;
import dev.hadal.engine.Engine;
import dev.hadal.engine.EngineOptions;
import dev.hadal.engine.LogitMask;
import dev.hadal.engine.Request;
import dev.hadal.engine.SamplingParams;
import dev.hadal.engine.TextStream;
import dev.hadal.format.Checkpoint;
import dev.hadal.format.Config;
import dev.hadal.format.Pages;
import dev.hadal.grammar.AfterThinking;
import dev.hadal.grammar.Grammar;
import dev.hadal.model.Architectures;
import dev.hadal.model.Model;
import dev.hadal.tokenizer.StreamDecoder;
import dev.hadal.tokenizer.Tokenizer;
import dev.hadal.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A language model, ready to answer:
 *
 * <pre>{@code
 * try (Hadal model = Hadal.load(Path.of("model.gguf"))) {
 *   System.out.println(model.ask("Why is the sea blue?"));
 * }
 * }</pre>
 *
 * <p>It owns the mapped file, the back end's threads and the engine; {@link #close} ends running
 * answers and frees all of it at once. Using it afterwards is an {@link IllegalStateException}.
 * Safe to use from any thread.
 */
public final class Hadal implements ChatModel, AutoCloseable {
  private static final int DRAFT = 6; // tokens guessed at a time

  private static final String THINK = "<think>";
  private static final String THINK_END = "</think>";

  private final Checkpoint checkpoint;
  private final @Nullable Checkpoint draft; // a smaller model that guesses
  private final Config config;
  private final Tokenizer tokenizer;
  private final ChatTemplate template;
  private final Dialects.Choice dialect;
  private final SamplingParams sampling;
  private final Backend backend;
  private final Model model;
  private final Engine engine;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Hadal(
      Checkpoint checkpoint,
      @Nullable Checkpoint draft,
      Backend backend,
      Tokenizer tokenizer,
      HadalOptions options) {
    this.checkpoint = checkpoint;
    this.draft = draft;
    this.backend = backend;
    this.config = checkpoint.config();
    this.model = Architectures.load(checkpoint);
    this.tokenizer = tokenizer;
    this.template = ChatTemplates.of(checkpoint, tokenizer);
    this.dialect =
        Dialects.detect(
            template.isPlain() ? "" : template.source(),
            config.modelType(),
            token -> tokenizer.id(token).isPresent());
    this.sampling = sampling(checkpoint);
    int own = config.maxPositionEmbeddings();
    int length = options.contextLength() == 0 ? own : options.contextLength();
    this.engine =
        new Engine(
            model,
            draft == null ? null : Architectures.load(draft),
            backend,
            engineOptions(options, length),
            config.vocabSize(),
            stopTokens(tokenizer));
  }

  private static EngineOptions engineOptions(HadalOptions options, int contextLength) {
    return EngineOptions.serving(contextLength, options.maxSequences())
        .withMaxQueue(options.maxQueue())
        .withCacheBytes(options.cacheBytes())
        .withKvType(options.kvType())
        .withSpeculation(options.speculation(), DRAFT);
  }

  /**
   * What begins a new text ends this one: models trained on texts laid end to end know no other.
   */
  private static Set<Integer> stopTokens(Tokenizer tokenizer) {
    Set<Integer> stop = new HashSet<>(tokenizer.endOfGeneration());
    tokenizer.bos().ifPresent(stop::add);
    return stop;
  }

  /**
   * Opens a model: a GGUF file, any part of a split set, or a folder with safetensors.
   *
   * @throws IllegalArgumentException if there is nothing there
   * @throws dev.hadal.format.FormatException if it is damaged or of a kind this version does not
   *     run
   */
  public static Hadal load(Path model) {
    return load(model, HadalOptions.defaults());
  }

  /** As {@link #load(Path)}, with choices. */
  public static Hadal load(Path model, HadalOptions options) {
    Checkpoint checkpoint = Checkpoint.open(model);
    Pages.fetchBeside(checkpoint);
    FutureTask<Tokenizer> tokenizer = new FutureTask<>(() -> Tokenizers.of(checkpoint));
    Thread.ofPlatform().daemon().name("hadal-tokenizer").start(tokenizer);
    Backend backend = null;
    Checkpoint draft = null;
    try {
      draft = options.draftModel().map(path -> openDraft(path, checkpoint)).orElse(null);
      int threads = options.threads() == 0 ? Cores.physical() : options.threads();
      backend =
          options.backend().isEmpty()
              ? Backends.best(threads)
              : Backends.named(options.backend(), threads);
      return new Hadal(checkpoint, draft, backend, result(tokenizer), options);
    } catch (RuntimeException | Error e) {
      if (backend != null) {
        backend.close();
      }
      if (draft != null) {
        draft.close();
      }
      checkpoint.close();
      throw e;
    }
  }

  private static Checkpoint openDraft(Path path, Checkpoint of) {
    Checkpoint draft = Checkpoint.open(path);
    int own = draft.config().vocabSize();
    int expected = of.config().vocabSize();
    if (own != expected) {
      draft.close();
      throw new IllegalArgumentException(
          "%s: the draft model has a vocabulary of %d, the model %d; choose one of the same family"
              .formatted(path, own, expected));
    }
    return draft;
  }

  /** What a task beside the caller came to; it fails here as it would have failed in place. */
  private static <T> T result(FutureTask<T> task) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw new IllegalStateException(e);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The answer to one question, in plain text and with the model's own sampling. */
  public String ask(String question) {
    return chat(ChatRequest.of(Message.user(question))).content();
  }

  /**
   * The answer to one question as a value: a record, a sealed interface of records, an enum, a list
   * of such. The model is held to the type's form; what its parts mean is said in the question.
   *
   * @throws IllegalArgumentException if the type has no JSON Schema, or the answer was cut
   */
  public <T> T entity(String question, Class<T> type) {
    return entity(ChatRequest.of(Message.user(question)), type);
  }

  @Override
  public ChatStream stream(ChatRequest request, SamplingParams params) {
    String prompt = template.render(request);
    return stream(request, prompt, Request.of(encodePrompt(prompt), params));
  }

  @Override
  public ChatStream stream(ChatRequest request, SamplingParams params, Grammar form) {
    String prompt = template.render(request);
    return stream(
        request, prompt, Request.of(encodePrompt(prompt), params).withMask(mask(form, prompt)));
  }

  /**
   * The answer as a call of one of the request's tools, as it comes. Where there are several the
   * model chooses; the arguments are held to the tool's schema. It does not think before.
   *
   * @throws IllegalArgumentException if there is no tool, its schema cannot be enforced, or this
   *     model's dialect has no form for calls
   */
  public ChatStream call(ChatRequest request, SamplingParams params) {
    checkpoint.requireUnchanged();
    return ForcedCall.stream(this, request, params);
  }

  /**
   * The answer as it comes, held to a form unless it is a call of one of the request's tools, whose
   * arguments are held to its schema.
   *
   * @throws IllegalArgumentException as {@link #call(ChatRequest, SamplingParams)}
   */
  public ChatStream callOrStream(ChatRequest request, SamplingParams params, Grammar form) {
    return stream(request, params, ForcedCall.orCall(this, form, request.tools()));
  }

  private ChatStream stream(ChatRequest request, String prompt, Request toEngine) {
    checkpoint.requireUnchanged();
    return new ChatStream(
        new TextStream(
            engine.submit(toEngine),
            new StreamDecoder(tokenizer, true, true),
            toEngine.params().stop()),
        dialect.dialect().parser(ReplyContext.of(prompt, request.tools())));
  }

  /**
   * Holds the reply to a rendered prompt to a form. Where the prompt has begun the model's
   * thinking, or the model begins it by itself, the form begins behind it.
   */
  public LogitMask mask(Grammar form, String prompt) {
    boolean begun = ReplyContext.of(prompt, List.of()).thinking();
    boolean ended = prompt.stripTrailing().endsWith(THINK_END);
    boolean thinks = begun || (!ended && template.source().contains(THINK));
    return thinks
        ? AfterThinking.mask(form, tokenizer, THINK, THINK_END, begun)
        : form.mask(tokenizer);
  }

  /**
   * Continues a text as it stands, without a chat template. The empty text begins at the beginning.
   */
  public TextStream complete(String prompt, SamplingParams params) {
    checkpoint.requireUnchanged();
    return new TextStream(
        engine.submit(tokenizer.encode(prompt, true, true), params),
        new StreamDecoder(tokenizer, false, prompt.isEmpty()),
        params.stop());
  }

  /**
   * The ids of a rendered prompt. Most templates print the token that begins a text; where one does
   * not, it is put there.
   */
  public int[] encodePrompt(String rendered) {
    int[] ids = tokenizer.encode(rendered, template.isPlain(), true);
    OptionalInt bos = tokenizer.bos();
    if (!tokenizer.addsBos() || bos.isEmpty() || (ids.length > 0 && ids[0] == bos.getAsInt())) {
      return ids;
    }
    int[] begun = new int[ids.length + 1];
    begun[0] = bos.getAsInt();
    System.arraycopy(ids, 0, begun, 1, ids.length);
    return begun;
  }

  /**
   * The vector of a text, of length 1: for search and comparison, if the model was trained for it.
   *
   * @param tokens as {@link #tokenizer()} gives them
   * @throws dev.hadal.engine.CapacityException if the text is longer than the context
   */
  public float[] embed(int[] tokens) {
    checkpoint.requireUnchanged();
    return TextVector.of(this, TextVector.tokens(this, tokens), config().hiddenSize());
  }

  /**
   * Saves what was computed of a conversation, so that it goes on from there after a restart.
   *
   * @param tokens its text so far, as {@link #encodePrompt} gives it
   * @return how many tokens were saved: whole blocks of 64
   * @throws IOException if the file cannot be written
   */
  public int saveConversation(Path file, int[] tokens) throws IOException {
    return engine.save(file, fingerprint(), tokens);
  }

  /**
   * Takes up a conversation that was saved with this model on this kind of back end.
   *
   * @return how many tokens need not be computed again
   * @throws IllegalArgumentException if it is another model's
   * @throws IOException if the file cannot be read
   */
  public int restoreConversation(Path file) throws IOException {
    return engine.restore(file, fingerprint());
  }

  private String fingerprint() {
    return "%s on %s, %s"
        .formatted(Fingerprint.of(checkpoint), backend.name(), engine.options().kvType());
  }

  @Override
  public SamplingParams sampling() {
    return sampling;
  }

  public Checkpoint checkpoint() {
    return checkpoint;
  }

  public Config config() {
    return config;
  }

  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /** The model's chat template; {@link ChatTemplate#isPlain()} where it brings none. */
  public ChatTemplate template() {
    return template;
  }

  /** How the model marks thinking and tool calls, and how we know. */
  public Dialects.Choice dialect() {
    return dialect;
  }

  public Backend backend() {
    return backend;
  }

  public Model model() {
    return model;
  }

  public Engine engine() {
    return engine;
  }

  /** Most tokens of a conversation, prompt and answer together. */
  public int contextLength() {
    return engine.options().contextLength();
  }

  private static SamplingParams sampling(Checkpoint checkpoint) {
    SamplingParams defaults = SamplingParams.defaults();
    return checkpoint.metadata().get("generation_config") instanceof Map<?, ?> own
        ? defaults.with(stringKeys(own))
        : defaults;
  }

  private static Map<String, Object> stringKeys(Map<?, ?> map) {
    Map<String, Object> result = new HashMap<>();
    map.forEach((key, value) -> {
      if (key instanceof String name && value != null) {
        result.put(name, value);
      }
    });
    return result;
  }

  /** Ends running answers, stops the threads, unmaps the file. Closing twice is fine. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      engine.close();
      backend.close();
      if (draft != null) {
        draft.close();
      }
      checkpoint.close();
    }
  }
}
