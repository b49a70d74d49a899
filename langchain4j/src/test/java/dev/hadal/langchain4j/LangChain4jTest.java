package dev.hadal.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.hadal.Hadal;
import dev.hadal.HadalOptions;
import dev.hadal.testing.Parrot;
import dev.hadal.testing.TestData;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
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

/** LangChain4j's own services and requests over models in this JVM. */
@Timeout(60)
final class LangChain4jTest {
  private static final Path TINY =
      TestData.root().getParent().resolve("app/src/main/resources/dev/hadal/app/models/tiny.gguf");
  private static final ChatRequestParameters SHORT =
      HadalChatRequestParameters.builder().seed(1L).maxOutputTokens(12).build();
  private static final ToolSpecification WEATHER =
      ToolSpecification.builder()
          .name("weather")
          .parameters(
              JsonObjectSchema.builder()
                  .addEnumProperty("city", List.of("Bergen", "Oslo"))
                  .required("city")
                  .build())
          .build();

  @TempDir private static Path folder;
  private static Hadal tiny;
  private static Hadal parrot;

  @BeforeAll
  static void open() {
    tiny = Hadal.load(TINY);
    parrot = Hadal.load(Parrot.in(folder));
  }

  @AfterAll
  static void close() {
    tiny.close();
    parrot.close();
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

  record Paint(@JsonProperty(required = true) Color color, int litres, boolean matt) {}

  interface Painter {
    Paint choose(String wish);
  }

  @Test
  void threeLinesGiveAnAnswer() {
    ChatModel model = HadalChatModel.of(tiny).withParameters(SHORT);

    ChatResponse answer = model.chat(UserMessage.from("Once upon a time"));

    assertThat(answer.aiMessage().text()).isNotBlank();
    assertThat(answer.finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(answer.tokenUsage().outputTokenCount()).isEqualTo(12);
    assertThat(answer.tokenUsage().inputTokenCount()).isPositive();
    assertThat(answer.modelName()).isEqualTo("tiny.gguf");
    assertThat(model.chat("Once upon a time")).isEqualTo(answer.aiMessage().text());
  }

  @Test
  void aStreamTellsTheSame() throws Exception {
    StreamingChatModel model = HadalStreamingChatModel.of(tiny).withParameters(SHORT);
    Heard heard = new Heard();

    model.chat("Once upon a time", heard);

    ChatResponse whole = heard.whole.get(30, TimeUnit.SECONDS);
    assertThat(heard.pieces).hasSizeGreaterThan(2);
    assertThat(String.join("", heard.pieces)).isEqualTo(whole.aiMessage().text());
    assertThat(whole.aiMessage().text())
        .isEqualTo(HadalChatModel.of(tiny).withParameters(SHORT).chat("Once upon a time"));
  }

  @Test
  void aCancelledStreamTellsNothingMore() throws Exception {
    CompletableFuture<String> first = new CompletableFuture<>();
    Heard heard =
        new Heard() {
          @Override
          public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
            pieces.add(piece.text());
            context.streamingHandle().cancel();
            first.complete(piece.text());
          }
        };
    HadalStreamingChatModel.of(tiny).chat("Once upon a time", heard);

    assertThat(first.get(30, TimeUnit.SECONDS)).isNotEmpty();
    assertThat(heard.whole.completeOnTimeout(null, 300, TimeUnit.MILLISECONDS).get()).isNull();
    assertThat(heard.error).isNotDone();
    assertThat(heard.pieces).hasSize(1);
  }

  @Test
  void aServiceCallsATool() {
    Weather weather = new Weather();
    Assistant assistant =
        AiServices.builder(Assistant.class)
            .chatModel(HadalChatModel.of(parrot))
            .tools(weather)
            .build();

    assertThat(assistant.ask("How warm is Oslo?")).isEqualTo(Parrot.ANSWER);
    assertThat(weather.cities).containsExactly("Oslo");
  }

  @Test
  void aStreamingServiceCallsATool() throws Exception {
    Weather weather = new Weather();
    CompletableFuture<ChatResponse> whole = new CompletableFuture<>();
    List<String> pieces = new ArrayList<>();
    AiServices.builder(StreamingAssistant.class)
        .streamingChatModel(HadalStreamingChatModel.of(parrot))
        .tools(weather)
        .build()
        .ask("How warm is Oslo?")
        .onPartialResponse(pieces::add)
        .onCompleteResponse(whole::complete)
        .onError(whole::completeExceptionally)
        .start();

    assertThat(whole.get(30, TimeUnit.SECONDS).aiMessage().text()).isEqualTo(Parrot.ANSWER);
    assertThat(String.join("", pieces)).isEqualTo(Parrot.ANSWER);
    assertThat(weather.cities).containsExactly("Oslo");
  }

  @Test
  void aRequiredToolIsCalledWithArgumentsOfItsForm() {
    ChatRequest request =
        ChatRequest.builder()
            .messages(UserMessage.from("How warm is Oslo?"))
            .toolSpecifications(WEATHER)
            .toolChoice(ToolChoice.REQUIRED)
            .build();
    ChatResponse answer = HadalChatModel.of(parrot).chat(request);

    assertThat(answer.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
    assertThat(answer.aiMessage().text()).isNull();
    assertThat(answer.aiMessage().toolExecutionRequests().getFirst().arguments().replace(" ", ""))
        .isEqualTo("{\"city\":\"Oslo\"}");
  }

  @Test
  void toolsThatMayNotBeCalledAreNotShown() {
    ChatRequest request =
        ChatRequest.builder()
            .messages(UserMessage.from("How warm is Oslo?"))
            .toolSpecifications(WEATHER)
            .toolChoice(ToolChoice.NONE)
            .build();
    assertThat(HadalChatModel.of(parrot).chat(request).aiMessage().text())
        .isEqualTo(Parrot.GREETING);
  }

  @Test
  void whatItThinksStandsBesideWhatItSays() throws Exception {
    ChatRequestParameters thinking = HadalChatRequestParameters.builder().thinking(true).build();
    Heard heard = new Heard();
    HadalStreamingChatModel.of(parrot).withParameters(thinking).chat("Hello", heard);
    ChatResponse streamed = heard.whole.get(30, TimeUnit.SECONDS);
    ChatResponse whole =
        HadalChatModel.of(parrot).withParameters(thinking).chat(UserMessage.from("Hello"));

    assertThat(whole.aiMessage().thinking()).isEqualTo(Parrot.THOUGHT);
    assertThat(whole.aiMessage().text()).isEqualTo(Parrot.GREETING);
    assertThat(streamed.aiMessage()).isEqualTo(whole.aiMessage());
    assertThat(String.join("", heard.thoughts)).isEqualTo(Parrot.THOUGHT);
    assertThat(String.join("", heard.pieces)).isEqualTo(Parrot.GREETING);
  }

  @Test
  void aServiceAnswersWithARecord() {
    Painter painter = AiServices.create(Painter.class, HadalChatModel.of(tiny));

    assertThat(painter.choose("A wall in the garden").color()).isIn(Color.RED, Color.GREEN);
  }

  enum Sky {
    SUNNY,
    GREY
  }

  record Report(@JsonProperty(required = true) Sky sky) {}

  interface Reporter {
    Report report(String question);
  }

  @Test
  void aServiceCallsAToolAndThenAnswersWithARecord() {
    Weather weather = new Weather();
    Reporter reporter =
        AiServices.builder(Reporter.class)
            .chatModel(HadalChatModel.of(parrot))
            .tools(weather)
            .build();

    assertThat(reporter.report("How warm is Oslo?").sky()).isEqualTo(Sky.SUNNY);
    assertThat(weather.cities).containsExactly("Oslo");
  }

  @Test
  void jsonIsJson() {
    ChatRequest request =
        ChatRequest.builder()
            .messages(UserMessage.from("Anything"))
            .parameters(
                ChatRequestParameters.builder()
                    .responseFormat(ResponseFormat.JSON)
                    .temperature(0.0)
                    .maxOutputTokens(4)
                    .build())
            .build();
    assertThat(HadalChatModel.of(tiny).chat(request).aiMessage().text()).startsWith("{");
  }

  @Test
  void whatIsNotServedIsRefusedByName() {
    ChatModel model = HadalChatModel.of(tiny);
    UserMessage hello = UserMessage.from("Hello");

    refused(model, ChatRequest.builder().messages(hello).modelName("gpt").build(), "modelName");
    refused(
        model,
        ChatRequest.builder()
            .messages(UserMessage.from(ImageContent.from("https://example.org/a.png")))
            .build(),
        "IMAGE");
    refused(
        model,
        ChatRequest.builder()
            .messages(hello)
            .toolSpecifications(WEATHER.toBuilder().strict(true).build())
            .build(),
        "strict");
  }

  @Test
  void anotherProvidersParametersAreRefused() {
    ChatRequestParameters foreign = OpenAiChatRequestParameters.builder().user("me").build();

    assertThatThrownBy(() -> HadalChatModel.of(tiny).withParameters(foreign))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("OpenAiChatRequestParameters");
    assertThat(SHORT.overrideWith(ChatRequestParameters.builder().topK(3).build()))
        .isEqualTo(
            HadalChatRequestParameters.builder().seed(1L).maxOutputTokens(12).topK(3).build());
    assertThat(ChatRequestParameters.builder().topK(3).build().overrideWith(SHORT))
        .isEqualTo(
            HadalChatRequestParameters.builder().seed(1L).maxOutputTokens(12).topK(3).build());
  }

  private static void refused(ChatModel model, ChatRequest request, String name) {
    assertThatThrownBy(() -> model.chat(request))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining(name);
  }

  @Test
  void aWrongRequestSaysWhy() throws Exception {
    Heard heard = new Heard();
    ChatRequest hot =
        ChatRequest.builder().messages(UserMessage.from("Hello")).temperature(-1.0).build();
    HadalStreamingChatModel.of(tiny).chat(hot, heard);

    assertThatThrownBy(() -> HadalChatModel.of(tiny).chat(hot))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("temperature");
    assertThat(heard.error.get(30, TimeUnit.SECONDS)).isInstanceOf(InvalidRequestException.class);
    try (Hadal small = Hadal.load(TINY, HadalOptions.defaults().withContextLength(8))) {
      assertThatThrownBy(() -> HadalChatModel.of(small).chat("A question that is far too long"))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("context holds 8");
    }
  }

  @Test
  void listenersAreTold() {
    List<Integer> tokens = new ArrayList<>();
    ChatModelListener listener =
        new ChatModelListener() {
          @Override
          public void onResponse(ChatModelResponseContext context) {
            tokens.add(context.chatResponse().tokenUsage().outputTokenCount());
          }
        };
    HadalChatModel.of(tiny).withParameters(SHORT).withListeners(listener).chat("Hello");

    assertThat(tokens).containsExactly(12);
  }

  @Test
  void textsBecomeVectors() {
    EmbeddingModel model = HadalEmbeddingModel.of(tiny);
    List<Embedding> two =
        model.embedAll(List.of(TextSegment.from("a cat"), TextSegment.from("a dog"))).content();
    Embedding cut =
        model
            .embed(
                EmbeddingRequest.builder()
                    .textSegment(TextSegment.from("a cat"))
                    .dimensions(8)
                    .build())
            .embeddings()
            .getFirst();

    assertThat(two).hasSize(2);
    assertThat(two.getFirst().dimension()).isEqualTo(model.dimension());
    assertThat(two.getFirst()).isNotEqualTo(two.getLast());
    assertThat(length(two.getFirst())).isBetween(0.999, 1.001);
    assertThat(cut.dimension()).isEqualTo(8);
    assertThat(length(cut)).isBetween(0.999, 1.001);
  }

  private static double length(Embedding embedding) {
    double squares = 0;
    for (float x : embedding.vector()) {
      squares += x * x;
    }
    return Math.sqrt(squares);
  }

  private static class Heard implements StreamingChatResponseHandler {
    final List<String> pieces = new ArrayList<>();
    final List<String> thoughts = new ArrayList<>();
    final CompletableFuture<ChatResponse> whole = new CompletableFuture<>();
    final CompletableFuture<Throwable> error = new CompletableFuture<>();

    @Override
    public void onPartialResponse(String piece) {
      pieces.add(piece);
    }

    @Override
    public void onPartialThinking(PartialThinking thought) {
      thoughts.add(thought.text());
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
      whole.complete(response);
    }

    @Override
    public void onError(Throwable failure) {
      error.complete(failure);
    }
  }
}
