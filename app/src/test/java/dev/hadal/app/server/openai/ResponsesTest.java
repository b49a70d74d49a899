package dev.hadal.app.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

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
final class ResponsesTest {
  @TempDir private Path folder;

  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.start(folder, new OpenAi());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aTextIsAnsweredWithItems() throws Exception {
    JsonNode response = ask("\"input\":\"Once upon a time\",\"max_output_tokens\":6").json();

    assertThat(response.path("object").asString()).isEqualTo("response");
    assertThat(response.path("status").asString()).isEqualTo("incomplete");
    assertThat(response.at("/incomplete_details/reason").asString()).isEqualTo("max_output_tokens");
    assertThat(response.at("/output/0/role").asString()).isEqualTo("assistant");
    assertThat(response.at("/output/0/content/0/text").asString()).isNotEmpty();
    assertThat(response.at("/usage/output_tokens").asInt()).isEqualTo(6);
  }

  @Test
  void aStreamTellsTheSameInNumberedEvents() throws Exception {
    String wish = "\"input\":\"Once upon a time\",\"max_output_tokens\":6,\"seed\":3";
    String whole = ask(wish).json().at("/output/0/content/0/text").asString();

    List<JsonNode> events =
        ask(wish + ",\"stream\":true")
            .text()
            .lines()
            .filter(line -> line.startsWith("data: "))
            .map(line -> JsonMapper.shared().readTree(line.substring(6)))
            .toList();

    assertThat(events).extracting(e -> e.path("sequence_number").asInt()).isSorted();
    assertThat(events.getFirst().path("type").asString()).isEqualTo("response.created");
    assertThat(events.getLast().path("type").asString()).isEqualTo("response.incomplete");
    StringBuilder text = new StringBuilder();
    events.stream()
        .filter(e -> e.path("type").asString().equals("response.output_text.delta"))
        .forEach(e -> text.append(e.path("delta").asString()));
    assertThat(text.toString()).isEqualTo(whole);
  }

  @Test
  void aConversationGoesOnByTheLastId() throws Exception {
    JsonNode first = ask("\"input\":\"Once upon a time\",\"max_output_tokens\":4").json();
    String id = first.path("id").asString();
    JsonNode second =
        ask("\"input\":\"And\",\"max_output_tokens\":4,\"previous_response_id\":\"" + id + "\"")
            .json();

    assertThat(second.at("/usage/input_tokens").asInt())
        .isGreaterThan(first.at("/usage/input_tokens").asInt());
    assertThat(server.get("/v1/responses/" + id).json()).isEqualTo(first);
    assertThat(server.get("/v1/responses/" + id + "/input_items").json().path("data")).hasSize(1);
    assertThat(server.send("DELETE", "/v1/responses/" + id, "").status()).isEqualTo(200);
    assertThat(server.get("/v1/responses/" + id).status()).isEqualTo(404);
  }

  @Test
  void callsAndTheirResultsAreItemsToo() throws Exception {
    Answer answer =
        ask(
            """
            "max_output_tokens":2,"input":[
              {"role":"user","content":[{"type":"input_text","text":"How warm is it?"}]},
              {"type":"reasoning","summary":[]},
              {"type":"function_call","call_id":"c1","name":"warmth","arguments":"{}"},
              {"type":"function_call_output","call_id":"c1","output":"20"}]\
            """);

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }

  @Test
  void whatIsWrongOrMissingIsSaidByName() throws Exception {
    assertThat(ask("\"input\":7").text()).contains("input");
    assertThat(ask("\"max_output_tokens\":2").text()).contains("input is missing");
    assertThat(ask("\"input\":\"x\",\"background\":true").text()).contains("background");
    assertThat(ask("\"input\":[{\"type\":\"item_reference\",\"id\":\"x\"}]").status())
        .isEqualTo(400);
    assertThat(ask("\"input\":\"x\",\"tools\":[{\"type\":\"web_search\"}]").status())
        .isEqualTo(400);
    assertThat(ask("\"input\":\"x\",\"previous_response_id\":\"resp_no\"").status()).isEqualTo(404);
  }

  private Answer ask(String more) throws Exception {
    return server.post("/v1/responses", "{\"model\":\"tiny\"," + more + "}");
  }
}
