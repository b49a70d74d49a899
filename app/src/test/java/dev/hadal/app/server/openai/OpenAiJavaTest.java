package dev.hadal.app.server.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import dev.hadal.HadalOptions;
import dev.hadal.app.cli.TinyChat;
import dev.hadal.app.models.FolderCatalog;
import dev.hadal.app.server.ApiKeys;
import dev.hadal.app.server.ServerOptions;
import dev.hadal.app.server.TestServer;
import dev.hadal.testing.Parrot;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** OpenAI's own client for Java, unmodified, on a real server. */
@Timeout(60)
final class OpenAiJavaTest {
  @TempDir private static Path folder;

  private static TestServer server;
  private static OpenAIClient client;

  /** A tool, as the client makes one of a class. */
  @JsonTypeName("weather")
  @JsonClassDescription("How warm a city is")
  static final class Weather {
    public String city = "";
  }

  enum Color {
    RED,
    GREEN
  }

  /** A form of answer, as the client makes one of a class. */
  static final class Paint {
    public Color color = Color.RED;
    public boolean matt;
  }

  @BeforeAll
  static void start() throws Exception {
    server =
        TestServer.start(
            new FolderCatalog().with("tiny", TinyChat.in(folder)).with("parrot", Parrot.in(folder)),
            HadalOptions.defaults().withThreads(1),
            ServerOptions.local(0).withKeys(ApiKeys.of(List.of("sesame"))),
            new OpenAi());
    client = client("sesame");
  }

  private static OpenAIClient client(String key) {
    return OpenAIOkHttpClient.builder()
        .baseUrl(server.at("/v1").toString())
        .apiKey(key)
        .maxRetries(0)
        .build();
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  private static ChatCompletionCreateParams.Builder tell() {
    return ChatCompletionCreateParams.builder()
        .model("tiny")
        .addUserMessage("Once upon a time")
        .maxCompletionTokens(12)
        .temperature(0.0);
  }

  private static ChatCompletionCreateParams.Builder askParrot() {
    return ChatCompletionCreateParams.builder()
        .model("parrot")
        .addUserMessage("How warm is Oslo?")
        .addTool(Weather.class);
  }

  @Test
  void modelsAreListed() {
    assertThat(client.models().list().data().stream().map(Model::id)).contains("tiny", "parrot");
    assertThat(client.models().retrieve("tiny").id()).isEqualTo("tiny");
  }

  @Test
  void aChatIsTheSameWholeAndStreamed() {
    ChatCompletion whole = client.chat().completions().create(tell().build());
    ChatCompletionAccumulator streamed = ChatCompletionAccumulator.create();
    try (StreamResponse<ChatCompletionChunk> chunks =
        client
            .chat()
            .completions()
            .createStreaming(
                tell()
                    .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
                    .build())) {
      chunks.stream().forEach(streamed::accumulate);
    }

    assertThat(whole.choices().getFirst().finishReason())
        .isEqualTo(ChatCompletion.Choice.FinishReason.LENGTH);
    assertThat(whole.usage().orElseThrow().completionTokens()).isEqualTo(12);
    assertThat(whole.choices().getFirst().message().content().orElseThrow()).isNotBlank();
    assertThat(streamed.chatCompletion().choices().getFirst().message().content())
        .isEqualTo(whole.choices().getFirst().message().content());
    assertThat(streamed.chatCompletion().usage().orElseThrow().completionTokens()).isEqualTo(12);
  }

  @Test
  void aStreamMayBeLeft() {
    try (StreamResponse<ChatCompletionChunk> chunks =
        client.chat().completions().createStreaming(tell().maxCompletionTokens(400).build())) {
      assertThat(chunks.stream().findFirst()).isPresent();
    }
    assertThat(client.chat().completions().create(tell().build()).choices()).hasSize(1);
  }

  @Test
  void aConversationGoesOnBehindAToolCall() {
    ChatCompletionMessage message =
        client.chat().completions().create(askParrot().build()).choices().getFirst().message();
    ChatCompletionMessageFunctionToolCall call =
        message.toolCalls().orElseThrow().getFirst().asFunction();
    ChatCompletion told =
        client
            .chat()
            .completions()
            .create(
                askParrot()
                    .addMessage(message)
                    .addMessage(
                        ChatCompletionToolMessageParam.builder()
                            .toolCallId(call.id())
                            .content("20")
                            .build())
                    .build());

    assertThat(call.function().name()).isEqualTo("weather");
    assertThat(call.function().arguments(Weather.class).city).isEqualTo("Oslo");
    assertThat(told.choices().getFirst().message().content()).contains(Parrot.ANSWER);
  }

  @Test
  void aToolIsCalledInAStreamWhereItHasToBeAndNotWhereItMayNot() {
    ChatCompletionAccumulator streamed = ChatCompletionAccumulator.create();
    try (StreamResponse<ChatCompletionChunk> chunks =
        client
            .chat()
            .completions()
            .createStreaming(
                askParrot().toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED).build())) {
      chunks.stream().forEach(streamed::accumulate);
    }
    ChatCompletion.Choice choice = streamed.chatCompletion().choices().getFirst();
    ChatCompletion free =
        client
            .chat()
            .completions()
            .create(askParrot().toolChoice(ChatCompletionToolChoiceOption.Auto.NONE).build());

    assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
    assertThat(
            choice
                .message()
                .toolCalls()
                .orElseThrow()
                .getFirst()
                .asFunction()
                .function()
                .arguments(Weather.class)
                .city)
        .isEqualTo("Oslo");
    assertThat(free.choices().getFirst().message().content()).contains(Parrot.GREETING);
  }

  @Test
  void aClassIsAFormOfAnswer() {
    Paint paint =
        client
            .chat()
            .completions()
            .create(tell().maxCompletionTokens(100).responseFormat(Paint.class).build())
            .choices()
            .getFirst()
            .message()
            .content()
            .orElseThrow();

    assertThat(paint.color).isIn(Color.RED, Color.GREEN);
  }

  @Test
  void aResponseIsTheSameWholeAndStreamedAndIsKept() {
    ResponseCreateParams.Builder wish =
        ResponseCreateParams.builder().model("parrot").input("Good morning").maxOutputTokens(64);
    Response whole = client.responses().create(wish.build());
    ResponseAccumulator streamed = ResponseAccumulator.create();
    try (StreamResponse<ResponseStreamEvent> events =
        client.responses().createStreaming(wish.build())) {
      events.stream().forEach(streamed::accumulate);
    }

    assertThat(text(whole)).isEqualTo(Parrot.GREETING);
    assertThat(whole.status()).contains(ResponseStatus.COMPLETED);
    assertThat(text(streamed.response())).isEqualTo(Parrot.GREETING);
    assertThat(client.responses().retrieve(whole.id()).id()).isEqualTo(whole.id());
    client.responses().delete(whole.id());
    assertThatThrownBy(() -> client.responses().retrieve(whole.id()))
        .isInstanceOf(NotFoundException.class);
  }

  private static String text(Response response) {
    return response.output().stream()
        .flatMap(item -> item.message().stream())
        .flatMap(message -> message.content().stream())
        .flatMap(content -> content.outputText().stream())
        .map(output -> output.text())
        .collect(Collectors.joining());
  }

  @Test
  void aTextIsGoneOnWith() {
    Completion completion =
        client
            .completions()
            .create(
                CompletionCreateParams.builder()
                    .model("tiny")
                    .prompt("The sea")
                    .maxTokens(5)
                    .build());

    assertThat(completion.choices().getFirst().text()).isNotBlank();
    assertThat(completion.usage().orElseThrow().completionTokens()).isEqualTo(5);
  }

  @Test
  void textsBecomeVectors() {
    CreateEmbeddingResponse vectors =
        client
            .embeddings()
            .create(
                EmbeddingCreateParams.builder()
                    .model("tiny")
                    .inputOfArrayOfStrings(List.of("one", "two"))
                    .build());
    double squares = 0;
    for (float x : vectors.data().getFirst().embedding()) {
      squares += x * x;
    }

    assertThat(vectors.data()).hasSize(2);
    assertThat(squares).isBetween(0.999, 1.001);
  }

  @Test
  void whatIsWrongIsOfTheClientsKinds() {
    OpenAIClient stranger = client("barley");
    assertThatThrownBy(() -> stranger.models().list()).isInstanceOf(UnauthorizedException.class);
    stranger.close();
    assertThatThrownBy(() -> client.chat().completions().create(tell().temperature(99.0).build()))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("temperature");
    assertThatThrownBy(() -> client.chat().completions().create(tell().model("nobody").build()))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("nobody");
    assertThatThrownBy(
            () -> client.chat().completions().createStreaming(tell().temperature(99.0).build()))
        .isInstanceOf(BadRequestException.class);
  }
}
