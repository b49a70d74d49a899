package dev.hadal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.chat.ChatRequest;
import dev.hadal.chat.ChatResponse;
import dev.hadal.chat.Message;
import dev.hadal.engine.FinishReason;
import dev.hadal.grammar.Choices;
import dev.hadal.grammar.Grammar;
import dev.hadal.testing.TestData;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A model too small to know what it says still says it in the form asked for. */
final class HadalEntityTest {
  private static final Path TINY =
      TestData.root().getParent().resolve("app/src/main/resources/dev/hadal/app/models/tiny.gguf");

  enum Color {
    RED,
    GREEN,
    DARK_BLUE
  }

  sealed interface Order {
    record Paint(Color color, int litres, boolean matt) implements Order {}

    record Nothing() implements Order {}
  }

  @Test
  void anAnswerIsAJavaValue() {
    try (Hadal model = Hadal.load(TINY)) {
      assertThat(model.entity("Which paint?", Order.Paint.class).color()).isNotNull();
      assertThat(model.entity("Anything?", Order.class)).isNotNull();
      assertThat(model.entity("Which color?", Color.class)).isIn((Object[]) Color.values());
    }
  }

  @Test
  void anAnswerEndsWhereItsFormDoes() {
    Grammar form = Choices.of(List.of("yes", "no", "perhaps"));
    try (Hadal model = Hadal.load(TINY)) {
      ChatResponse answer =
          model.chat(ChatRequest.of(Message.user("Is the sea blue?")), model.sampling(), form);
      assertThat(answer.content()).isIn("yes", "no", "perhaps");
      assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP);
    }
  }
}
