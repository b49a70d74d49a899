package dev.hadal.app.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.app.server.TestServer;
import dev.hadal.app.server.TestServer.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** OpenAI's endpoints on a real server with the small storyteller. */
@Timeout(60)
final class OpenAiTest {
  private static final String USER = "[{\"role\":\"user\",\"content\":\"Once upon a time\"}]";

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
  void aChatIsAnsweredWithItsCounts() throws Exception {
    JsonNode answer = chat("\"max_tokens\":8,\"seed\":1").json();

    assertThat(answer.path("object").asString()).isEqualTo("chat.completion");
    assertThat(answer.at("/choices/0/message/role").asString()).isEqualTo("assistant");
    assertThat(answer.at("/choices/0/message/content").asString()).isNotEmpty();
    assertThat(answer.at("/choices/0/finish_reason").asString()).isEqualTo("length");
    assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(8);
    assertThat(answer.at("/usage/total_tokens").asInt())
        .isEqualTo(answer.at("/usage/prompt_tokens").asInt() + 8);
  }

  @Test
  void theSameSeedGivesTheSameAnswerStreamedOrNot() throws Exception {
    String wish = "\"max_tokens\":24,\"seed\":7,\"temperature\":1";

    String whole = chat(wish).json().at("/choices/0/message/content").asString();
    List<JsonNode> chunks = events(chat(wish + ",\"stream\":true").text());

    assertThat(content(chunks, 0)).isEqualTo(whole);
    assertThat(chat(wish).json().at("/choices/0/message/content").asString()).isEqualTo(whole);
  }

  @Test
  void aStreamTellsTheRoleFirstAndItsUsageLastWhereAsked() throws Exception {
    String text =
        chat("\"max_tokens\":5,\"n\":2,\"stream\":true,\"stream_options\":{\"include_usage\":true}")
            .text();
    List<JsonNode> chunks = events(text);

    assertThat(text).endsWith("data: [DONE]\n\n");
    assertThat(chunks.getFirst().at("/choices/0/delta/role").asString()).isEqualTo("assistant");
    assertThat(chunks.getLast().path("choices")).isEmpty();
    assertThat(chunks.getLast().at("/usage/completion_tokens").asInt()).isEqualTo(10);
    assertThat(content(chunks, 0)).isNotEmpty();
    assertThat(content(chunks, 1)).isNotEmpty();
  }

  @Test
  void logprobsAreThoseOfEveryToken() throws Exception {
    JsonNode content =
        chat("\"max_tokens\":6,\"logprobs\":true,\"top_logprobs\":3")
            .json()
            .at("/choices/0/logprobs/content");

    assertThat(content).hasSize(6);
    content.forEach(token -> {
      assertThat(token.path("logprob").asDouble()).isNotPositive();
      assertThat(token.path("top_logprobs")).hasSize(3);
    });
  }

  @Test
  void aSchemaHoldsTheAnswerToItsForm() throws Exception {
    String schema =
        """
        {"type":"object","properties":{"n":{"type":"integer","minimum":0,"maximum":99},
         "b":{"enum":["x","y"]}},"required":["n","b"],"additionalProperties":false}\
        """;
    String answer =
        chat("\"max_tokens\":60,\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a\",\"schema\":"
                + schema
                + "}}")
            .json()
            .at("/choices/0/message/content")
            .asString();

    JsonNode value = JsonMapper.shared().readTree(answer);
    assertThat(value.path("n").isInt()).isTrue();
    assertThat(value.path("n").asInt()).isBetween(0, 99);
    assertThat(value.path("b").asString()).isIn("x", "y");
  }

  @Test
  void whatASchemaAsksThatIsNotEnforcedIsRefusedByName() throws Exception {
    Answer answer =
        chat(
            "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a\",\"schema\":{\"type\":\"array\",\"uniqueItems\":true}}}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains("uniqueItems");
  }

  @Test
  void completionsTakeTextsIdsAndSeveralOfThem() throws Exception {
    JsonNode two = complete("\"prompt\":[\"Once upon\",\"The sea\"],\"max_tokens\":4").json();
    JsonNode ids = complete("\"prompt\":[1,403,407],\"max_tokens\":4").json();

    assertThat(two.path("choices")).hasSize(2);
    assertThat(two.at("/choices/1/index").asInt()).isEqualTo(1);
    assertThat(ids.at("/usage/prompt_tokens").asInt()).isEqualTo(3);
  }

  @Test
  void echoWithLogprobsScoresThePromptAlone() throws Exception {
    JsonNode logprobs =
        complete("\"prompt\":[1,403,407],\"max_tokens\":0,\"echo\":true,\"logprobs\":1")
            .json()
            .at("/choices/0/logprobs");

    assertThat(logprobs.path("tokens")).hasSize(3);
    assertThat(logprobs.at("/token_logprobs/0").isNull()).isTrue();
    assertThat(logprobs.at("/token_logprobs/1").asDouble()).isNegative();
    assertThat(logprobs.at("/top_logprobs/2")).hasSize(1);
  }

  @Test
  void embeddingsAreOfLengthOneAndComeAsBase64WhereAsked() throws Exception {
    JsonNode data =
        server.post("/v1/embeddings", "{\"model\":\"tiny\",\"input\":[\"a\",\"b\"]}").json();
    double square = 0;
    for (JsonNode number : data.at("/data/0/embedding")) {
      square += number.asDouble() * number.asDouble();
    }
    Answer coded =
        server.post(
            "/v1/embeddings",
            "{\"model\":\"tiny\",\"input\":\"a\",\"encoding_format\":\"base64\"}");

    assertThat(data.path("data")).hasSize(2);
    assertThat(square).isBetween(0.999, 1.001);
    assertThat(coded.json().at("/data/0/embedding").isString()).isTrue();
  }

  @Test
  void modelsAreListedAndAnUnknownOneIsNotFound() throws Exception {
    assertThat(server.get("/v1/models").json().at("/data/0/id").asString()).isEqualTo("tiny");
    assertThat(server.get("/v1/models/tiny").status()).isEqualTo(200);
    Answer unknown = server.get("/v1/models/..%2Fetc");
    assertThat(unknown.status()).isIn(400, 404);
    Answer asked =
        server.post("/v1/chat/completions", "{\"model\":\"gpt\",\"messages\":" + USER + "}");
    assertThat(asked.status()).isEqualTo(404);
    assertThat(asked.json().at("/error/code").asString()).isEqualTo("model_not_found");
  }

  @Test
  void whatIsWrongIsSaidWithItsPlace() throws Exception {
    for (String wish :
        List.of(
            "\"temperature\":\"hot\"",
            "\"top_p\":7",
            "\"n\":0",
            "\"stop\":[1]",
            "\"logit_bias\":{\"x\":1}",
            "\"max_tokens\":-1",
            "\"response_format\":{\"type\":\"xml\"}",
            "\"top_logprobs\":99")) {
      Answer answer = chat(wish);
      assertThat(answer.status()).as(wish).isEqualTo(400);
      assertThat(answer.json().at("/error/message").asString()).as(wish).isNotEmpty();
    }
    Answer tooLong =
        complete("\"prompt\":\"" + "again and again ".repeat(300) + "\",\"max_tokens\":1");
    assertThat(tooLong.status()).isEqualTo(400);
    assertThat(tooLong.json().at("/error/code").asString()).isEqualTo("context_length_exceeded");
  }

  @Test
  void brokenBodiesGetAReasonAndNeverBreakIt() throws Exception {
    Random random = new Random(5);
    String[] pieces = {
      "\"model\":\"tiny\"",
      "\"messages\":" + USER,
      "\"messages\":[{}]",
      "\"messages\":{}",
      "\"prompt\":[[]]",
      "\"prompt\":[-1]",
      "\"prompt\":[999999]",
      "\"prompt\":null",
      "\"stream\":1",
      "\"stop\":{}",
      "\"n\":1e9",
      "\"tools\":[{\"type\":\"x\"}]",
      "\"tools\":7",
      "\"tool_choice\":{\"type\":\"function\"}",
      "\"seed\":1.5",
      "\"input\":[[[]]]",
      "\"input\":{}",
      "\"max_tokens\":3",
      "\"messages\":[{\"role\":\"king\",\"content\":\"x\"}]",
      "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]",
      "\"model\":[]"
    };
    for (int i = 0; i < 200; i++) {
      List<String> body = new ArrayList<>(List.of("\"max_tokens\":2"));
      for (int k = random.nextInt(5); k >= 0; k--) {
        body.add(pieces[random.nextInt(pieces.length)]);
      }
      String path = List.of("chat/completions", "completions", "embeddings").get(i % 3);
      String text = "{" + String.join(",", body) + "}";
      Answer answer = server.post("/v1/" + path, text);
      assertThat(answer.status()).as("%s %s: %s", path, text, answer.text()).isLessThan(500);
    }
    assertThat(chat("\"max_tokens\":2").status()).isEqualTo(200);
  }

  private Answer chat(String more) throws Exception {
    return server.post(
        "/v1/chat/completions", "{\"model\":\"tiny\",\"messages\":" + USER + "," + more + "}");
  }

  private Answer complete(String more) throws Exception {
    return server.post("/v1/completions", "{\"model\":\"tiny\"," + more + "}");
  }

  private static List<JsonNode> events(String stream) {
    return stream
        .lines()
        .filter(line -> line.startsWith("data: {"))
        .map(line -> JsonMapper.shared().readTree(line.substring(6)))
        .toList();
  }

  private static String content(List<JsonNode> chunks, int index) {
    StringBuilder content = new StringBuilder();
    for (JsonNode chunk : chunks) {
      for (JsonNode choice : chunk.path("choices")) {
        if (choice.path("index").asInt() == index) {
          content.append(choice.at("/delta/content").asString(""));
        }
      }
    }
    return content.toString();
  }
}
