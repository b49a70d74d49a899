package dev.hadal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadal.backend.Backend;
import dev.hadal.backend.Backends;
import dev.hadal.backend.KvCache;
import dev.hadal.model.Architectures;
import dev.hadal.model.Model;
import dev.hadal.model.RandomCheckpoint;
import dev.hadal.model.Shapes;
import dev.hadal.tensor.DType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the cache knows of a text outlives the engine. */
class ConversationTest {
  private static final int VOCABULARY = 512;
  private static final EngineOptions OPTIONS = new EngineOptions(512, 1024, 256, 2);
  private static final int[] PROMPT = new Random(1).ints(200, 0, VOCABULARY).toArray();

  private final Backend backend = Backends.best(2);
  private final Model model =
      Architectures.load(new RandomCheckpoint(Shapes.named("tiny-llama"), 3));

  @TempDir Path folder;

  @AfterEach
  void close() {
    backend.close();
  }

  private Engine engine(EngineOptions options) {
    return new Engine(model, backend, options, VOCABULARY, Set.of());
  }

  private static List<Integer> drain(TokenStream stream) {
    List<Integer> tokens = new ArrayList<>();
    for (OptionalInt token = stream.next(); token.isPresent(); token = stream.next()) {
      tokens.add(token.getAsInt());
    }
    return tokens;
  }

  private static TokenStream ask(Engine engine) {
    return engine.submit(PROMPT, SamplingParams.greedy().withMaxTokens(20));
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F16", "Q8_0"})
  void aConversationGoesOnAfterARestart(DType type) throws IOException {
    Path file = folder.resolve("conversation");
    List<Integer> answer;
    try (Engine engine = engine(OPTIONS.withKvType(type))) {
      answer = drain(ask(engine));
      assertThat(engine.save(file, "model", PROMPT)).isEqualTo(3 * KvCache.BLOCK_TOKENS);
    }
    try (Engine engine = engine(OPTIONS.withKvType(type))) {
      assertThat(engine.restore(file, "model")).isEqualTo(3 * KvCache.BLOCK_TOKENS);
      TokenStream stream = ask(engine);
      assertThat(drain(stream)).isEqualTo(answer);
      assertThat(stream.cachedTokens()).isEqualTo(3 * KvCache.BLOCK_TOKENS);
      assertThat(engine.restore(file, "model")).isEqualTo(3 * KvCache.BLOCK_TOKENS); // known now
    }
  }

  @Test
  void anotherModelsAndDamagedFilesAreRefusedByName() throws IOException {
    Path file = folder.resolve("conversation");
    try (Engine engine = engine(OPTIONS)) {
      drain(ask(engine));
      engine.save(file, "model", PROMPT);
      assertThatThrownBy(() -> engine.restore(file, "other"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("conversation: saved with another model")
          .hasMessageContaining("this is other");
      byte[] whole = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(whole, whole.length - 1));
      assertThatThrownBy(() -> engine.restore(file, "model")).hasMessageContaining("cut off");
      Files.write(file, "something else altogether".getBytes(StandardCharsets.UTF_8));
      assertThatThrownBy(() -> engine.restore(file, "model"))
          .hasMessageContaining("not a saved conversation");
      assertThat(drain(ask(engine))).hasSize(20);
    }
  }

  @Test
  void whatWasNeverComputedIsNotSaved() throws IOException {
    try (Engine engine = engine(OPTIONS)) {
      assertThat(engine.save(folder.resolve("nothing"), "model", PROMPT)).isZero();
      assertThat(engine.restore(folder.resolve("nothing"), "model")).isZero();
    }
  }

  @Test
  void afterTheEngineHasClosedThereIsNothingToSave() {
    Engine engine = engine(OPTIONS);
    engine.close();
    assertThatThrownBy(() -> engine.save(folder.resolve("late"), "model", PROMPT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }
}
