package dev.hadal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.backend.Backend;
import dev.hadal.backend.BackendProvider;
import dev.hadal.backend.Backends;
import dev.hadal.backend.KvCache;
import dev.hadal.format.Checkpoint;
import dev.hadal.format.Progress;
import dev.hadal.format.QuantType;
import dev.hadal.format.Quantizer;
import dev.hadal.model.Architectures;
import dev.hadal.model.Model;
import dev.hadal.model.RandomCheckpoint;
import dev.hadal.model.Shapes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same request with the same seed gives the same tokens, with the same probabilities to the
 * last bit, whoever is computed beside it and whatever the cache knows.
 */
class DeterminismTest {
  private static final int PROMPT = 150;
  private static final int ANSWER = 40;
  private static final int VOCABULARY = 512;
  private static final Map<String, Checkpoint> CHECKPOINTS = new HashMap<>();

  @TempDir static Path folder;

  static Stream<Arguments> modelsOnFastBackends() {
    return Backends.all().stream()
        .filter(provider -> provider.unavailable().isEmpty())
        .map(BackendProvider::name)
        .filter(name -> !name.equals("reference"))
        .flatMap(backend ->
            Stream.of("tiny-llama", "tiny-qwen3-moe", "tiny-deepseek-v3")
                .flatMap(shape ->
                    Stream.of("F32", "Q8_0", "Q4_K_M")
                        .map(type -> Arguments.of(backend, shape, type))));
  }

  @AfterAll
  static void close() {
    CHECKPOINTS.values().forEach(Checkpoint::close);
    CHECKPOINTS.clear();
  }

  private static Model model(String shape, String type) {
    Checkpoint checkpoint =
        CHECKPOINTS.computeIfAbsent(
            shape + "-" + type,
            name -> {
              Checkpoint random = new RandomCheckpoint(Shapes.named(shape), 3);
              if (type.equals("F32")) {
                return random;
              }
              Path file = folder.resolve(name + ".gguf");
              Quantizer.quantize(random, file, QuantType.valueOf(type), Progress.NONE);
              return Checkpoint.open(file);
            });
    return Architectures.load(checkpoint);
  }

  private static int[] prompt(long seed, int length) {
    return new Random(seed).ints(length, 0, VOCABULARY).toArray();
  }

  private static Request request(long seed, int length) {
    return request(seed, length, ANSWER);
  }

  private static Request request(long seed, int length, int answer) {
    return Request.of(
            prompt(seed, length),
            SamplingParams.defaults().withTemperature(1).withSeed(seed).withMaxTokens(answer))
        .withLogprobs(2);
  }

  private static List<TokenLogprob> drain(TokenStream stream) {
    List<TokenLogprob> tokens = new ArrayList<>();
    while (stream.next().isPresent()) {
      tokens.add(stream.logprob());
    }
    return tokens;
  }

  private static final EngineOptions MANY = new EngineOptions(512, 32 * 512, 200, 32);

  private static List<TokenLogprob> alone(Model model, Backend backend, Request request) {
    try (Engine engine = new Engine(model, backend, MANY, VOCABULARY, Set.of())) {
      return drain(engine.submit(request));
    }
  }

  @ParameterizedTest
  @MethodSource("modelsOnFastBackends")
  void aRequestAmongThirtyOneOthersGivesTheSameTokens(
      String backendName, String shape, String type) {
    Model model = model(shape, type);
    try (Backend backend = Backends.named(backendName, 2)) {
      List<TokenLogprob> alone = alone(model, backend, request(7, PROMPT));
      assertThat(alone).hasSize(ANSWER);
      try (Engine engine = new Engine(model, backend, MANY, VOCABULARY, Set.of())) {
        List<TokenStream> others = new ArrayList<>();
        for (int i = 0; i < 31; i++) {
          if (i == 20) {
            others.add(engine.submit(request(7, PROMPT)));
          }
          others.add(engine.submit(request(100 + i, 3 + 11 * i % 200)));
        }
        assertThat(drain(others.get(20))).isEqualTo(alone);
        others.forEach(DeterminismTest::drain);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("modelsOnFastBackends")
  void whatTheCacheKnowsChangesNothing(String backendName, String shape, String type) {
    Model model = model(shape, type);
    try (Backend backend = Backends.named(backendName, 2);
        Engine engine = new Engine(model, backend, MANY, VOCABULARY, Set.of())) {
      List<TokenLogprob> first = drain(engine.submit(request(7, PROMPT)));
      TokenStream again = engine.submit(request(7, PROMPT));
      assertThat(drain(again)).isEqualTo(first);
      assertThat(again.cachedTokens()).isEqualTo(2 * KvCache.BLOCK_TOKENS);
    }
  }

  @ParameterizedTest
  @MethodSource("modelsOnFastBackends")
  void havingToWaitHalfwayChangesNothing(String backendName, String shape, String type) {
    Model model = model(shape, type);
    long block = KvCache.bytesPerToken(model.cacheSpec()) * KvCache.BLOCK_TOKENS;
    try (Backend backend = Backends.named(backendName, 2)) {
      Request longer = request(7, PROMPT, 100);
      List<TokenLogprob> alone = alone(model, backend, longer);
      EngineOptions options = new EngineOptions(512, 2048, 200, 4).withCacheBytes(7 * block);
      Engine engine =
          new Engine(model, backend, options.withPrefixCache(false), VOCABULARY, Set.of());
      try (engine) {
        TokenStream first = engine.submit(request(1, 120, 150)); // both need more than there is
        TokenStream second = engine.submit(longer);
        assertThat(drain(second)).isEqualTo(alone);
        drain(first);
      }
      assertThat(engine.stats().preemptions()).isPositive();
    }
  }
}
