package dev.hadal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hadal.backend.Backend;
import dev.hadal.backend.Backends;
import dev.hadal.model.Architectures;
import dev.hadal.model.Model;
import dev.hadal.model.RandomCheckpoint;
import dev.hadal.model.Shapes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guessing changes how long an answer takes, and nothing else. */
class SpeculationTest {
  private static final int VOCABULARY = 512;
  private static final EngineOptions OPTIONS = new EngineOptions(512, 2048, 256, 4);

  private final Backend backend = Backends.best(2);

  @AfterEach
  void close() {
    backend.close();
  }

  private static Model tiny(long seed) {
    return Architectures.load(new RandomCheckpoint(Shapes.named("tiny-llama"), seed));
  }

  private static List<TokenLogprob> drain(TokenStream stream) {
    List<TokenLogprob> tokens = new ArrayList<>();
    while (stream.next().isPresent()) {
      tokens.add(stream.logprob());
    }
    return tokens;
  }

  private static Request request(long seed, float temperature) {
    int[] words = new Random(seed).ints(30, 0, VOCABULARY).toArray();
    int[] prompt = IntStream.range(0, 120).map(i -> words[i % 30]).toArray();
    return Request.of(
            prompt,
            SamplingParams.defaults()
                .withTemperature(temperature)
                .withPenalties(1.1f, 0, 0)
                .withSeed(seed)
                .withMaxTokens(60))
        .withLogprobs(1);
  }

  private List<List<TokenLogprob>> answers(Engine engine) {
    try (engine) {
      List<TokenStream> streams = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        Request request = request(i, i % 3 / 2f);
        streams.add(engine.submit(i == 5 ? request.withMask(new Cycle(0)) : request));
      }
      return streams.stream().map(SpeculationTest::drain).toList();
    }
  }

  /** Allows two words after each other: a form that a guess may miss. */
  private static final class Cycle implements LogitMask {
    private final long[] allowed = new long[VOCABULARY / Long.SIZE];
    private int at;

    Cycle(int at) {
      this.at = at;
    }

    @Override
    public long[] allowed() {
      Arrays.fill(allowed, 0);
      allowed[at] = 0xf;
      return allowed;
    }

    @Override
    public void accept(int token) {
      assertThat(token / Long.SIZE).isEqualTo(at);
      at = (at + 1) % allowed.length;
    }

    @Override
    public LogitMask fork() {
      return new Cycle(at);
    }
  }

  @Test
  void answersAreTheSameWithAndWithoutGuesses() {
    Model model = tiny(3);
    List<List<TokenLogprob>> plain =
        answers(new Engine(model, backend, OPTIONS, VOCABULARY, Set.of()));
    assertThat(plain.get(0)).hasSize(60);
    EngineOptions ngram = OPTIONS.withSpeculation(Speculation.NGRAM, 6);
    Engine byNgrams = new Engine(model, backend, ngram, VOCABULARY, Set.of());
    assertThat(answers(byNgrams)).isEqualTo(plain);
    assertThat(byNgrams.stats().draftedTokens()).isPositive();
    EngineOptions draft = OPTIONS.withSpeculation(Speculation.DRAFT_MODEL, 4);
    for (long seed : new long[] {3, 4}) {
      Engine byModel = new Engine(model, tiny(seed), backend, draft, VOCABULARY, Set.of());
      assertThat(answers(byModel)).isEqualTo(plain);
      assertThat(byModel.stats().draftedTokens()).isPositive();
    }
  }

  @Test
  void aModelThatGuessesWhatItWouldSayIsRightAndSparesSteps() {
    EngineOptions draft = OPTIONS.withSpeculation(Speculation.DRAFT_MODEL, 4);
    Engine engine = new Engine(tiny(3), tiny(3), backend, draft, VOCABULARY, Set.of());
    try (engine) {
      TokenStream stream =
          engine.submit(new int[] {1, 2, 3}, SamplingParams.greedy().withMaxTokens(100));
      assertThat(drain(stream)).hasSize(100);
      assertThat(stream.draftedTokens()).isGreaterThan(60);
      assertThat(stream.acceptedTokens()).isEqualTo(stream.draftedTokens());
    }
    assertThat(engine.stats().steps()).isLessThan(40);
    assertThat(engine.stats().acceptance()).isEqualTo(1);
  }

  @Test
  void whatRepeatsItselfIsGuessedFromItself() {
    EngineOptions ngram = new EngineOptions(1000, 1000, 256, 1);
    try (Engine engine =
        new Engine(
            new CountingModel(),
            backend,
            ngram.withSpeculation(Speculation.NGRAM, 6),
            CountingModel.VOCABULARY,
            Set.of())) {
      TokenStream stream =
          engine.submit(new int[] {1, 2, 3}, SamplingParams.greedy().withMaxTokens(100));
      for (int i = 0; i < 100; i++) {
        assertThat(stream.next()).hasValue((4 + i) % 10);
      }
      assertThat(stream.next()).isEmpty();
      assertThat(stream.acceptedTokens()).isGreaterThan(60);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"jit", "simd"})
  void answersAreTheSameWithACheckpointsOwnGuesses(String name) {
    assumeTrue(
        Backends.all().stream().anyMatch(p -> p.name().equals(name) && p.unavailable().isEmpty()),
        name + " can run here");
    Model model = Architectures.load(new WithNextToken());
    EngineOptions mtp = OPTIONS.withSpeculation(Speculation.MTP, 3);
    try (Backend own = Backends.named(name, 2)) {
      List<List<TokenLogprob>> expected =
          answers(new Engine(model, own, OPTIONS, VOCABULARY, Set.of()));
      Engine engine = new Engine(model, own, mtp, VOCABULARY, Set.of());
      assertThat(answers(engine)).isEqualTo(expected);
      assertThat(engine.stats().draftedTokens()).isPositive();
    }
  }

  @Test
  void aCheckpointWithoutSuchALayerIsNamed() {
    EngineOptions mtp = OPTIONS.withSpeculation(Speculation.MTP, 3);
    assertThatThrownBy(() -> new Engine(tiny(3), backend, mtp, VOCABULARY, Set.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("brings no layer");
  }

  @Test
  void aMissingDraftModelIsNamed() {
    EngineOptions draft = OPTIONS.withSpeculation(Speculation.DRAFT_MODEL, 4);
    assertThatThrownBy(() -> new Engine(tiny(3), backend, draft, VOCABULARY, Set.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("draft model");
  }
}
