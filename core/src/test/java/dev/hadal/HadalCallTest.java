package dev.hadal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadal.chat.ChatRequest;
import dev.hadal.chat.ChatResponse;
import dev.hadal.chat.Message;
import dev.hadal.chat.Tool;
import dev.hadal.engine.FinishReason;
import dev.hadal.grammar.Grammar;
import dev.hadal.grammar.JsonSchema;
import dev.hadal.testing.Parrot;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tool calls from end to end, those that the model chooses and those it has to make. */
final class HadalCallTest {
  private static final Map<String, Object> CITY =
      Map.of(
          "type",
          "object",
          "properties",
          Map.of("city", Map.of("enum", List.of("Bergen", "Oslo"))),
          "required",
          List.of("city"));
  private static final Tool WEATHER = Tool.function("weather", "How warm it is.", CITY);
  private static final Tool TIME = Tool.function("time", "How late it is.", CITY);
  private static final ChatRequest REQUEST = ChatRequest.of(Message.user("How warm is Oslo?"));

  @TempDir private static Path folder;
  private static Hadal model;

  @BeforeAll
  static void open() {
    model = Hadal.load(Parrot.in(folder));
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void aConversationGoesOnBehindACall() {
    ChatResponse call = model.chat(REQUEST.withTools(List.of(WEATHER)));
    ChatRequest more =
        ChatRequest.of(
            List.of(
                Message.user("How warm is Oslo?"),
                call.message(),
                Message.tool(call.toolCalls().getFirst().id(), "weather", "20")));

    assertThat(call.content()).isEmpty();
    assertThat(call.toolCalls().getFirst().name()).isEqualTo("weather");
    assertThat(call.toolCalls().getFirst().argumentsJson()).isEqualTo("{\"city\":\"Oslo\"}");
    assertThat(model.chat(more).content()).isEqualTo(Parrot.ANSWER);
    assertThat(model.chat(REQUEST).content()).isEqualTo(Parrot.GREETING);
  }

  @Test
  void aCallThatHasToBeIsBegunForTheModelAndHeldToTheSchema() {
    for (List<Tool> tools : List.of(List.of(WEATHER), List.of(WEATHER, TIME), List.of(TIME))) {
      ChatResponse call =
          ChatResponse.of(model.call(REQUEST.withTools(tools), model.sampling().withSeed(3)));

      assertThat(call.content()).isEmpty();
      assertThat(call.finishReason()).isEqualTo(FinishReason.STOP);
      assertThat(call.toolCalls()).hasSize(1);
      assertThat(tools.stream().map(Tool::name)).contains(call.toolCalls().getFirst().name());
      assertThat(call.toolCalls().getFirst().argumentsJson().replace(" ", ""))
          .isIn("{\"city\":\"Oslo\"}", "{\"city\":\"Bergen\"}");
    }
  }

  @Test
  void anAnswerOfAFormMayBeACallInstead() {
    Grammar form = JsonSchema.of("{\"properties\": {\"sky\": {\"enum\": [\"GREY\", \"SUNNY\"]}}}");
    ChatRequest request = REQUEST.withTools(List.of(WEATHER, TIME));
    ChatRequest told =
        ChatRequest.of(Message.user("How is it?"), Message.tool("1", "weather", "20"))
            .withTools(List.of(WEATHER));

    assertThat(
            ChatResponse.of(model.callOrStream(request, model.sampling(), form))
                .toolCalls()
                .getFirst()
                .argumentsJson())
        .isEqualTo("{\"city\":\"Oslo\"}");
    assertThat(ChatResponse.of(model.callOrStream(told, model.sampling(), form)).content())
        .isEqualTo(Parrot.REPORT);
  }

  @Test
  void aCallWithoutAToolIsRefused() {
    assertThatThrownBy(() -> model.call(REQUEST, model.sampling()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no tool");
  }

  @Test
  void aTextsVectorHasLengthOne() {
    float[] vector = model.embed(model.tokenizer().encode("Oslo", true, true));
    double squares = 0;
    for (float x : vector) {
      squares += x * x;
    }
    assertThat(vector).hasSize(model.config().hiddenSize());
    assertThat(squares).isBetween(0.999, 1.001);
  }
}
