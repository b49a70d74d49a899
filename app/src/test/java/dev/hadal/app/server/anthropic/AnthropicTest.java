package dev.hadal.app.server.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.app.server.ApiKeys;
import dev.hadal.app.server.ServerOptions;
import dev.hadal.app.server.TestServer;
import dev.hadal.app.server.TestServer.Answer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
final class AnthropicTest {
  private static final String USER =
      "\"messages\":[{\"role\":\"user\",\"content\":\"Once upon a time\"}]";

  @TempDir private Path folder;

  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.start(folder, new Anthropic());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aMessageIsAnsweredWithBlocks() throws Exception {
    JsonNode answer = ask(USER + ",\"max_tokens\":6").json();

    assertThat(answer.path("type").asString()).isEqualTo("message");
    assertThat(answer.at("/content/0/type").asString()).isEqualTo("text");
    assertThat(answer.path("stop_reason").asString()).isEqualTo("max_tokens");
    assertThat(answer.at("/usage/output_tokens").asInt()).isEqualTo(6);
  }

  @Test
  void aStreamGoesFromTheMessagesStartToItsStop() throws Exception {
    String wish = USER + ",\"max_tokens\":6,\"temperature\":0";
    String whole = ask(wish).json().at("/content/0/text").asString();

    List<JsonNode> events =
        ask(wish + ",\"stream\":true")
            .text()
            .lines()
            .filter(line -> line.startsWith("data: "))
            .map(line -> JsonMapper.shared().readTree(line.substring(6)))
            .toList();

    List<String> types = events.stream().map(e -> e.path("type").asString()).distinct().toList();
    assertThat(types)
        .containsExactly(
            "message_start",
            "ping",
            "content_block_start",
            "content_block_delta",
            "content_block_stop",
            "message_delta",
            "message_stop");
    StringBuilder text = new StringBuilder();
    events.forEach(e -> text.append(e.at("/delta/text").asString("")));
    assertThat(text.toString()).isEqualTo(whole);
  }

  @Test
  void theStopSequenceThatWasMetIsNamed() throws Exception {
    JsonNode answer =
        ask(USER + ",\"max_tokens\":60,\"temperature\":0,\"stop_sequences\":[\"xyz\",\"was\"]")
            .json();

    assertThat(answer.path("stop_reason").asString()).isEqualTo("stop_sequence");
    assertThat(answer.path("stop_sequence").asString()).isEqualTo("was");
    assertThat(answer.at("/content/0/text").asString()).doesNotContain("was");
  }

  @Test
  void blocksOfAllKindsAreRead() throws Exception {
    Answer answer =
        ask(
            """
            "max_tokens":2,"system":[{"type":"text","text":"Be kind."}],"messages":[
              {"role":"user","content":[{"type":"text","text":"How warm is it?"}]},
              {"role":"assistant","content":[{"type":"thinking","thinking":"Hm","signature":""},
                {"type":"tool_use","id":"t1","name":"warmth","input":{}}]},
              {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"20"}]}]\
            """);

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }

  @Test
  void tokensAreCountedWithoutAnAnswer() throws Exception {
    JsonNode counted =
        server.post("/v1/messages/count_tokens", "{\"model\":\"tiny\"," + USER + "}").json();
    JsonNode answered = ask(USER + ",\"max_tokens\":1").json();

    assertThat(counted.path("input_tokens").asInt())
        .isEqualTo(
            answered.at("/usage/input_tokens").asInt()
                + answered.at("/usage/cache_read_input_tokens").asInt());
  }

  @Test
  void whatIsWrongIsSaidInItsWords() throws Exception {
    assertThat(ask(USER).text()).contains("max_tokens", "invalid_request_error");
    assertThat(ask("\"max_tokens\":1,\"messages\":[]").status()).isEqualTo(400);
    assertThat(ask(USER + ",\"max_tokens\":1,\"tool_choice\":{\"type\":\"any\"}").status())
        .isEqualTo(400);
    Answer image =
        ask(
            "\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\"}]}]");
    assertThat(image.status()).isEqualTo(400);
    assertThat(image.text()).contains("image");
    Answer unknown =
        server.post("/v1/messages", "{\"model\":\"no\",\"max_tokens\":1," + USER + "}");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.json().at("/error/type").asString()).isEqualTo("not_found_error");
  }

  @Test
  void whatWouldChangeTheAnswerAndIsNotHereIsRefusedByName() throws Exception {
    for (String field :
        List.of(
            "\"output_format\":{\"type\":\"json_schema\",\"schema\":{}}",
            "\"mcp_servers\":[{\"type\":\"url\",\"url\":\"https://x.example\",\"name\":\"x\"}]",
            "\"container\":\"c\"",
            "\"output_config\":{\"format\":{\"type\":\"json_schema\"}}")) {
      Answer refused = ask(USER + ",\"max_tokens\":1," + field);
      String name = field.substring(1, field.indexOf('"', 1));

      assertThat(refused.status()).as(field).isEqualTo(400);
      assertThat(refused.json().at("/error/message").asString())
          .startsWith(name)
          .contains("not supported here");
    }
    assertThat(ask(USER + ",\"max_tokens\":1,\"mcp_servers\":[]").status()).isEqualTo(200);
  }

  @Test
  void aBudgetForThinkingLeavesRoomForTheAnswer() throws Exception {
    String thinking = ",\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":8}";

    assertThat(ask(USER + ",\"max_tokens\":8" + thinking).text())
        .contains("thinking.budget_tokens is 8; expected less than max_tokens, which is 8");
    assertThat(ask(USER + ",\"max_tokens\":9" + thinking).status()).isEqualTo(200);
  }

  @Test
  void aResultOfACallThatWasNotMadeIsRefused() throws Exception {
    Answer refused =
        ask(
            "\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"t9\",\"content\":\"20\"}]}]");

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text()).contains("messages[0].content[0].tool_use_id", "t9");
  }

  @Test
  void theKeyIsTakenFromItsOwnHeader(@TempDir Path other) throws Exception {
    ServerOptions keyed = ServerOptions.local(0).withKeys(ApiKeys.of(List.of("sesame")));
    try (TestServer closed = TestServer.start(other, keyed, new Anthropic())) {
      String body = "{\"model\":\"tiny\",\"max_tokens\":1," + USER + "}";

      Answer without = closed.post("/v1/messages", body);
      assertThat(without.status()).isEqualTo(401);
      assertThat(without.json().at("/error/type").asString()).isEqualTo("authentication_error");
      assertThat(closed.post("/v1/messages", body, "x-api-key", "open").status()).isEqualTo(401);
      assertThat(closed.post("/v1/messages", body, "x-api-key", "sesame").status()).isEqualTo(200);
    }
  }

  private Answer ask(String more) throws Exception {
    return server.post("/v1/messages", "{\"model\":\"tiny\"," + more + "}");
  }
}
