package dev.hadal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadal.backend.Backend;
import dev.hadal.backend.Backends;
import dev.hadal.backend.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EngineTest {
  private final Backend backend = Backends.named("reference", 1);
  private final CountingModel model = new CountingModel();

  @AfterEach
  void close() {
    backend.close();
  }

  private Engine engine(EngineOptions options, Integer... stopTokens) {
    return new Engine(model, backend, options, CountingModel.VOCABULARY, Set.of(stopTokens));
  }

  private static List<Integer> drain(TokenStream stream) {
    List<Integer> tokens = new ArrayList<>();
    for (OptionalInt token = stream.next(); token.isPresent(); token = stream.next()) {
      tokens.add(token.getAsInt());
    }
    return tokens;
  }

  private static final SamplingParams GREEDY = SamplingParams.greedy();

  @Test
  void generatesAsManyTokensAsAskedFor() {
    try (Engine engine = engine(EngineOptions.single(100))) {
      TokenStream stream = engine.submit(new int[] {1, 2}, GREEDY.withMaxTokens(4));
      assertThat(drain(stream)).containsExactly(3, 4, 5, 6);
      assertThat(stream.finishReason()).isEqualTo(FinishReason.LENGTH);
      assertThat(stream.generatedTokens()).isEqualTo(4);
    }
  }

  @Test
  void endsAtAStopTokenAndDoesNotShowIt() {
    try (Engine engine = engine(EngineOptions.single(100), 6)) {
      TokenStream stream = engine.submit(new int[] {3}, GREEDY);
      assertThat(drain(stream)).containsExactly(4, 5);
      assertThat(stream.finishReason()).isEqualTo(FinishReason.STOP);
    }
  }

  @Test
  void goesPastStopTokensWhenToldTo() {
    try (Engine engine = engine(EngineOptions.single(100), 6)) {
      TokenStream stream =
          engine.submit(new int[] {3}, GREEDY.withIgnoreEos(true).withMaxTokens(4));
      assertThat(drain(stream)).containsExactly(4, 5, 6, 7);
    }
  }

  @Test
  void fillsTheContextAndNoMore() {
    try (Engine engine = engine(EngineOptions.single(8))) {
      assertThat(drain(engine.submit(new int[] {0, 0, 0}, GREEDY))).hasSize(5);
    }
  }

  @Test
  void computesLongPromptsInChunks() {
    try (Engine engine = engine(new EngineOptions(100, 100, 8, 1))) {
      int[] prompt = new int[20];
      prompt[19] = 4;
      assertThat(drain(engine.submit(prompt, GREEDY.withMaxTokens(2)))).containsExactly(5, 6);
    }
    assertThat(model.batches()).extracting(Batch::size).containsExactly(8, 8, 4, 1);
    assertThat(model.batches().get(1).spans().getFirst().past()).isEqualTo(8);
  }

  @Test
  void sequencesShareBatchesWithoutMixing() {
    List<List<Integer>> answers = new ArrayList<>();
    CountDownLatch allAsked = new CountDownLatch(1);
    model.waitFor(allAsked);
    try (Engine engine = engine(new EngineOptions(64, 512, 16, 4))) {
      List<TokenStream> streams = new ArrayList<>();
      for (int first = 0; first < 7; first++) {
        streams.add(engine.submit(new int[] {9, first}, GREEDY.withMaxTokens(20)));
      }
      allAsked.countDown();
      streams.forEach(stream -> answers.add(drain(stream)));
    }
    for (int first = 0; first < 7; first++) {
      assertThat(answers.get(first)).hasSize(20).startsWith((first + 1) % 10, (first + 2) % 10);
    }
    assertThat(model.batches()).anySatisfy(batch -> assertThat(batch.spans()).hasSize(4));
  }

  @Test
  void aClosedStreamGivesItsPlaceToTheNext() {
    try (Engine engine = engine(new EngineOptions(1_000_000, 1_000_000, 8, 1))) {
      TokenStream endless = engine.submit(new int[] {1}, GREEDY);
      assertThat(endless.next()).hasValue(2);
      TokenStream next = engine.submit(new int[] {5}, GREEDY.withMaxTokens(1));
      endless.close();
      assertThat(drain(next)).containsExactly(6);
    }
  }

  @Test
  void closingTheEngineEndsItsStreams() {
    Engine engine = engine(EngineOptions.single(1_000_000));
    TokenStream endless = engine.submit(new int[] {1}, GREEDY);
    endless.next();
    engine.close();
    assertThatThrownBy(() -> drain(endless))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> engine.submit(new int[] {1}, GREEDY))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void promptsThatDoNotFitAreRefusedWithTheNumbers() {
    try (Engine engine = engine(EngineOptions.single(4))) {
      assertThatThrownBy(() -> engine.submit(new int[4], GREEDY))
          .isInstanceOf(CapacityException.class)
          .hasMessageContaining("4 tokens")
          .hasMessageContaining("context holds 4");
      assertThatThrownBy(() -> engine.submit(new int[0], GREEDY))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> engine.submit(new int[] {10}, GREEDY))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("vocabulary of 10");
      assertThatThrownBy(() -> engine.submit(new int[] {1}, GREEDY.withLogitBias(Map.of(77, 1f))))
          .hasMessageContaining("logit_bias");
    }
  }
}
