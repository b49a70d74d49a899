package dev.hadal.app.server.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.hadal.HadalOptions;
import dev.hadal.app.cli.TinyChat;
import dev.hadal.app.models.FolderCatalog;
import dev.hadal.app.server.ServerOptions;
import dev.hadal.app.server.TestServer;
import dev.hadal.testing.Parrot;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.TokenStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** LangChain4j's OpenAI client, unmodified, on a real server. */
@Timeout(60)
final class LangChain4jClientTest {
  @TempDir private static Path folder;

  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server =
        TestServer.start(
            new FolderCatalog().with("tiny", TinyChat.in(folder)).with("parrot", Parrot.in(folder)),
            HadalOptions.defaults().withThreads(1),
            ServerOptions.local(0),
            new OpenAi());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static OpenAiChatModel.OpenAiChatModelBuilder chat(String model) {
    return OpenAiChatModel.builder()
        .baseUrl(server.at("/v1").toString())
        .apiKey("any")
        .maxRetries(0)
        .seed(1)
        .modelName(model);
  }

  private static OpenAiStreamingChatModel streaming(String model) {
    return OpenAiStreamingChatModel.builder()
        .baseUrl(server.at("/v1").toString())
        .apiKey("any")
        .seed(1)
        .maxTokens(64)
        .modelName(model)
        .build();
  }

  /** Records what it was asked. */
  static final class Weather {
    private final List<String> cities = new ArrayList<>();

    @Tool("How warm a city is")
    int weather(String city) {
      cities.add(city);
      return 20;
    }
  }

  interface Assistant {
    String ask(String question);
  }

  interface StreamingAssistant {
    TokenStream ask(String question);
  }

  enum Color {
    RED,
    GREEN
  }

  record Paint(@JsonProperty(required = true) Color color, boolean matt) {}

  interface Painter {
    Paint choose(String wish);
  }

  @Test
  void aChatIsAnsweredWithItsCounts() {
    ChatRequest request =
        ChatRequest.builder()
            .messages(UserMessage.from("Once upon a time"))
            .maxOutputTokens(12)
            .build();
    ChatResponse answer = chat("tiny").build().chat(request);

    assertThat(answer.aiMessage().text()).isNotBlank();
    assertThat(answer.finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(answer.tokenUsage().outputTokenCount()).isEqualTo(12);
  }

  @Test
  void aServiceCallsATool() {
    Weather weather = new Weather();
    Assistant assistant =
        AiServices.builder(Assistant.class)
            .chatModel(chat("parrot").build())
            .tools(weather)
            .build();

    assertThat(assistant.ask("How warm is Oslo?")).isEqualTo(Parrot.ANSWER);
    assertThat(weather.cities).containsExactly("Oslo");
  }

  @Test
  void aStreamingServiceCallsATool() throws Exception {
    Weather weather = new Weather();
    List<String> pieces = new ArrayList<>();
    CompletableFuture<ChatResponse> whole = new CompletableFuture<>();
    AiServices.builder(StreamingAssistant.class)
        .streamingChatModel(streaming("parrot"))
        .tools(weather)
        .build()
        .ask("How warm is Oslo?")
        .onPartialResponse(pieces::add)
        .onCompleteResponse(whole::complete)
        .onError(whole::completeExceptionally)
        .start();

    assertThat(whole.get(30, TimeUnit.SECONDS).aiMessage().text()).isEqualTo(Parrot.ANSWER);
    assertThat(String.join("", pieces)).isEqualTo(Parrot.ANSWER);
    assertThat(pieces).hasSizeGreaterThan(1);
    assertThat(weather.cities).containsExactly("Oslo");
  }

  @Test
  void aServiceAnswersWithARecord() {
    for (boolean strict : new boolean[] {false, true}) {
      Painter painter =
          AiServices.create(
              Painter.class,
              chat("tiny")
                  .maxTokens(200)
                  .supportedCapabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA)
                  .strictJsonSchema(strict)
                  .build());

      assertThat(painter.choose("A wall in the garden").color()).isIn(Color.RED, Color.GREEN);
    }
  }

  @Test
  void textsBecomeVectors() {
    List<Embedding> two =
        OpenAiEmbeddingModel.builder()
            .baseUrl(server.at("/v1").toString())
            .apiKey("any")
            .modelName("tiny")
            .build()
            .embedAll(List.of(TextSegment.from("a cat"), TextSegment.from("a dog")))
            .content();

    assertThat(two).hasSize(2);
    assertThat(two.getFirst()).isNotEqualTo(two.getLast());
  }

  @Test
  void whatIsWrongIsOfTheClientsKinds() {
    assertThatThrownBy(() -> chat("nobody").build().chat("Hello"))
        .isInstanceOf(ModelNotFoundException.class)
        .hasMessageContaining("nobody");
    assertThatThrownBy(() -> chat("tiny").temperature(99.0).build().chat("Hello"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("temperature");
  }
}
