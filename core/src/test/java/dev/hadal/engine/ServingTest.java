package dev.hadal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hadal.backend.Backend;
import dev.hadal.backend.Backends;
import dev.hadal.backend.Batch;
import dev.hadal.backend.KvCache;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many at once: blocks, shared beginnings, the queue, deadlines, what is reported. */
class ServingTest {
  private static final SamplingParams GREEDY = SamplingParams.greedy();
  private static final int BLOCK = KvCache.BLOCK_TOKENS;

  private final Backend backend = Backends.named("reference", 1);
  private final CountingModel model = new CountingModel();

  @AfterEach
  void close() {
    backend.close();
  }

  private Engine engine(EngineOptions options) {
    return new Engine(model, backend, options, CountingModel.VOCABULARY, Set.of());
  }

  private static List<Integer> drain(TokenStream stream) {
    List<Integer> tokens = new ArrayList<>();
    for (OptionalInt token = stream.next(); token.isPresent(); token = stream.next()) {
      tokens.add(token.getAsInt());
    }
    return tokens;
  }

  /** A text that the model would write, from {@code first} on. */
  private static int[] text(int first, int length) {
    return IntStream.range(first, first + length).map(i -> i % 10).toArray();
  }

  @Test
  void aPromptThatBeginsLikeAnEarlierOneIsNotComputedAgain() {
    try (Engine engine = engine(new EngineOptions(1000, 1000, 512, 2))) {
      TokenStream first = engine.submit(text(0, 5 * BLOCK), GREEDY.withMaxTokens(2));
      assertThat(drain(first)).containsExactly(0, 1);
      assertThat(first.cachedTokens()).isZero();
      TokenStream second = engine.submit(text(0, 5 * BLOCK), GREEDY.withMaxTokens(2));
      assertThat(drain(second)).containsExactly(0, 1);
      assertThat(second.cachedTokens()).isEqualTo(4 * BLOCK); // the last row is needed
      TokenStream other = engine.submit(text(1, 5 * BLOCK), GREEDY.withMaxTokens(1));
      drain(other);
      assertThat(other.cachedTokens()).isZero();
      assertThat(engine.stats().prefixHitTokens()).isEqualTo(4L * BLOCK);
    }
    assertThat(model.batches().get(2).size()).isEqualTo(BLOCK);
  }

  @Test
  void anAnswerIsFoundWhenTheConversationGoesOn() {
    try (Engine engine = engine(new EngineOptions(1000, 1000, 512, 1))) {
      drain(engine.submit(text(0, BLOCK - 10), GREEDY.withMaxTokens(BLOCK)));
      TokenStream next = engine.submit(text(0, 2 * BLOCK), GREEDY.withMaxTokens(1));
      drain(next);
      assertThat(next.cachedTokens()).isEqualTo(BLOCK);
    }
  }

  @Test
  void withoutAPrefixCacheEverythingIsComputed() {
    try (Engine engine = engine(new EngineOptions(1000, 1000, 512, 1).withPrefixCache(false))) {
      drain(engine.submit(text(0, 200), GREEDY.withMaxTokens(1)));
      TokenStream second = engine.submit(text(0, 200), GREEDY.withMaxTokens(1));
      drain(second);
      assertThat(second.cachedTokens()).isZero();
    }
  }

  @Test
  void sequencesThatOutgrowTheCacheTakeTurnsAndAllAnswersAreWhole() {
    EngineOptions options = new EngineOptions(6 * BLOCK, 6 * BLOCK, 64, 4);
    CountDownLatch allAsked = new CountDownLatch(1);
    model.waitFor(allAsked);
    try (Engine engine = engine(options.withPrefixCache(false).withCacheBytes(8 * blockBytes()))) {
      List<TokenStream> streams = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        streams.add(engine.submit(text(i, BLOCK), GREEDY.withMaxTokens(4 * BLOCK)));
      }
      allAsked.countDown();
      for (int i = 0; i < 4; i++) {
        List<Integer> expected = IntStream.of(text(i + BLOCK, 4 * BLOCK)).boxed().toList();
        assertThat(drain(streams.get(i))).isEqualTo(expected);
      }
      assertThat(engine.stats().preemptions()).isPositive();
    }
  }

  private static long blockBytes() {
    return KvCache.bytesPerToken(new CountingModel().cacheSpec()) * BLOCK;
  }

  @Test
  void whatCanNeverFitIsRefusedAndTheOthersGoOn() {
    EngineOptions options = new EngineOptions(100 * BLOCK, 100 * BLOCK, 64, 4);
    try (Engine engine = engine(options.withCacheBytes(2 * blockBytes()))) {
      TokenStream running = engine.submit(text(0, 10), GREEDY.withMaxTokens(50));
      assertThatThrownBy(() -> engine.submit(text(0, 2 * BLOCK), GREEDY))
          .isInstanceOf(CapacityException.class)
          .isNotInstanceOf(QueueFullException.class)
          .hasMessageContaining("128 tokens");
      assertThat(drain(running)).hasSize(50);
      assertThat(drain(engine.submit(text(0, 100), GREEDY))).hasSize(28); // all there is room for
    }
  }

  @Test
  void aFullQueueRefusesWithATimeToComeAgain() {
    EngineOptions options = new EngineOptions(1_000_000, 1_000_000, 64, 1).withMaxQueue(1);
    try (Engine engine = engine(options)) {
      TokenStream running = engine.submit(new int[] {1}, GREEDY);
      TokenStream waiting = engine.submit(new int[] {2}, GREEDY.withMaxTokens(3));
      assertThatThrownBy(() -> engine.submit(new int[] {3}, GREEDY))
          .isInstanceOfSatisfying(
              QueueFullException.class,
              e -> assertThat(e.retryAfter()).isGreaterThanOrEqualTo(Duration.ofSeconds(1)));
      running.close();
      assertThat(drain(waiting)).containsExactly(3, 4, 5);
      assertThat(drain(engine.submit(new int[] {4}, GREEDY.withMaxTokens(1)))).containsExactly(5);
    }
  }

  @Test
  void aDeadlineEndsARunningAndAWaitingOne() {
    try (Engine engine = engine(new EngineOptions(1_000_000, 1_000_000, 64, 1))) {
      Request endless = Request.of(new int[] {1}, GREEDY).withTimeout(Duration.ofMillis(50));
      TokenStream running = engine.submit(endless);
      TokenStream waiting = engine.submit(endless.withTimeout(Duration.ofNanos(1)));
      assertThat(drain(waiting)).isEmpty();
      assertThat(waiting.finishReason()).isEqualTo(FinishReason.TIMEOUT);
      assertThat(drain(running)).isNotEmpty();
      assertThat(running.finishReason()).isEqualTo(FinishReason.TIMEOUT);
    }
  }

  @Test
  void blocksReturnWhenSequencesEnd() {
    Engine engine = engine(new EngineOptions(1000, 4000, 64, 4));
    try (engine) {
      List<TokenStream> streams = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        streams.add(engine.submit(text(i, 100), GREEDY.withMaxTokens(100)));
      }
      streams.get(3).close();
      streams.forEach(ServingTest::drain);
    }
    EngineStats stats = engine.stats(); // those of the end
    assertThat(stats.requests()).isEqualTo(8);
    assertThat(stats.promptTokens()).isEqualTo(800);
    assertThat(stats.running()).isZero();
    assertThat(stats.waiting()).isZero();
    assertThat(stats.blocksUsed()).isZero();
  }

  @Test
  void maskedTokensAreNeverChosenAndAFaultyMaskEndsItsOwnAnswerAlone() {
    try (Engine engine = engine(new EngineOptions(1000, 4000, 64, 4))) {
      TokenStream even =
          engine.submit(
              Request.of(new int[] {1}, GREEDY.withMaxTokens(4)).withMask(new Only(0b101)));
      TokenStream faulty =
          engine.submit(
              Request.of(new int[] {1}, GREEDY)
                  .withMask(
                      new Only(0b101) {
                        @Override
                        public void accept(int token) {
                          throw new IllegalArgumentException("a mask's own fault");
                        }
                      }));
      assertThat(drain(even)).containsExactly(2, 0, 0, 0);
      assertThatThrownBy(() -> drain(faulty)).hasMessageContaining("a mask's own fault");
      assertThat(drain(engine.submit(new int[] {1}, GREEDY.withMaxTokens(1)))).containsExactly(2);
    }
  }

  /** Always the same tokens. */
  private static class Only implements LogitMask {
    private final long[] allowed;

    Only(long allowed) {
      this.allowed = new long[] {allowed};
    }

    @Override
    public long[] allowed() {
      return allowed;
    }

    @Override
    public void accept(int token) {}

    @Override
    public LogitMask fork() {
      return this;
    }
  }

  @Test
  void logprobsAreTheModelsOwnWhateverTheSampling() {
    // One of ten logits is 10, the others 0: log p = 10 - log(e^10 + 9).
    double likely = 10 - Math.log(Math.exp(10) + 9);
    try (Engine engine = engine(EngineOptions.single(100))) {
      TokenStream stream =
          engine.submit(
              Request.of(new int[] {1, 2, 4}, GREEDY.withTemperature(5).withMaxTokens(1))
                  .withMask(new Only(0b100))
                  .withLogprobs(2)
                  .withLogprobsOf(List.of(7))
                  .withPromptLogprobs(0));
      assertThat(stream.next()).hasValue(2);
      TokenLogprob logprob = Objects.requireNonNull(stream.logprob());
      assertThat(logprob.logprob()).isEqualTo((float) (likely - 10), within(1e-5f));
      assertThat(logprob.top())
          .extracting(TokenLogprob.Alternative::token)
          .containsExactly(5, 0, 7);
      assertThat(logprob.top().getFirst().logprob()).isEqualTo((float) likely, within(1e-5f));
      assertThat(stream.promptLogprobs()).extracting(TokenLogprob::token).containsExactly(2, 4);
      assertThat(stream.promptLogprobs().get(0).logprob()).isEqualTo((float) likely, within(1e-5f));
      assertThat(stream.promptLogprobs().get(1).logprob())
          .isEqualTo((float) (likely - 10), within(1e-5f));
    }
  }

  @Test
  void aPromptAloneIsScoredInChunksAndNothingGenerated() {
    try (Engine engine = engine(EngineOptions.single(200))) {
      TokenStream stream =
          engine.submit(
              Request.of(text(0, 200), GREEDY).withPromptOnly(true).withPromptLogprobs(1));
      assertThat(drain(stream)).isEmpty();
      assertThat(stream.promptLogprobs()).hasSize(199);
      assertThat(stream.promptLogprobs().get(198).top().getFirst().token()).isEqualTo(9);
    }
    assertThat(model.batches()).extracting(Batch::size).containsExactly(64, 64, 64, 8);
  }

  @Test
  void textsBecomeVectorsBesideAnswers() {
    try (Engine engine = engine(new EngineOptions(1000, 4000, 64, 4))) {
      TokenStream beside = engine.submit(new int[] {1}, GREEDY.withMaxTokens(900));
      float[] last = engine.embed(new int[] {3, 4}, Pooling.LAST);
      float[] mean = engine.embed(text(0, 100), Pooling.MEAN);
      assertThat(last).containsExactly(0, 0, 0, 0, 0, 10, 0, 0, 0, 0);
      assertThat(mean).containsOnly(1);
      assertThat(drain(beside)).hasSize(900);
      assertThatThrownBy(() -> engine.embed(new int[0], Pooling.LAST))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
