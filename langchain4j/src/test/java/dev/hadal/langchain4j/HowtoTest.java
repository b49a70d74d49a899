package dev.hadal.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.Hadal;
import dev.hadal.testing.Howto;
import dev.hadal.testing.Parrot;
import dev.hadal.testing.TestData;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.service.AiServices;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/howto/langchain4j.md, and that it is. */
final class HowtoTest {
  private static final Path TINY =
      TestData.root().getParent().resolve("app/src/main/resources/dev/hadal/app/models/tiny.gguf");

  @TempDir private Path folder;

  interface Assistant {
    String answer(String question);
  }

  static class Thermometer {
    @Tool("How warm a city is, in degrees")
    int weather(String city) {
      return city.equals("Oslo") ? 20 : 25;
    }
  }

  private static String ask(Path path) {
    try (Hadal hadal = Hadal.load(path)) {
      ChatModel model = HadalChatModel.of(hadal);
      return model.chat("Why is the sea blue?");
    }
  }

  private static String askAService(Hadal hadal) {
    Assistant assistant =
        AiServices.builder(Assistant.class)
            .chatModel(HadalChatModel.of(hadal))
            .tools(new Thermometer())
            .build();
    return assistant.answer("How warm is Oslo?");
  }

  private static ChatModel withParameters(Hadal hadal) {
    return HadalChatModel.of(hadal)
        .withParameters(
            HadalChatRequestParameters.builder()
                .temperature(0.6)
                .maxOutputTokens(512)
                .seed(7L)
                .thinking(false)
                .build());
  }

  private static EmbeddingModel embeddings(Hadal hadal) {
    EmbeddingModel embeddings = HadalEmbeddingModel.of(hadal);
    return embeddings;
  }

  private static ChatModel client() {
    ChatModel model =
        OpenAiChatModel.builder()
            .baseUrl("http://127.0.0.1:8080/v1")
            .apiKey("any")
            .modelName("tiny")
            .build();
    return model;
  }

  @Test
  void itsCodeIsThisFiles() {
    Howto.showsTextOf(
        "langchain4j.md", "langchain4j/src/test/java/dev/hadal/langchain4j/HowtoTest.java");
  }

  @Test
  void itsCodeRuns() {
    assertThat(ask(TINY)).isNotBlank();
    try (Hadal parrot = Hadal.load(Parrot.in(folder))) {
      assertThat(askAService(parrot)).isEqualTo(Parrot.ANSWER);
      assertThat(withParameters(parrot).chat("Hello")).isEqualTo(Parrot.GREETING);
      assertThat(embeddings(parrot).embed("Hello").content().dimension())
          .isEqualTo(parrot.config().hiddenSize());
      assertThat(client().defaultRequestParameters().modelName()).isEqualTo("tiny");
    }
  }
}
