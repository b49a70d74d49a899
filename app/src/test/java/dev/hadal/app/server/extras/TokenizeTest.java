package dev.hadal.app.server.extras;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.app.server.Fuzz;
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

@Timeout(60)
final class TokenizeTest {
  private static final String USER =
      "\"messages\":[{\"role\":\"user\",\"content\":\"Once upon a time\"}]";

  @TempDir private Path folder;

  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.start(folder, new Extras());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void whatIsTakenApartCanBePutTogether() throws Exception {
    JsonNode plain = post("/tokenize", "\"content\":\"Once upon a time\"");

    JsonNode back = post("/detokenize", "\"tokens\":" + plain.path("tokens"));

    assertThat(back.path("content").asString()).isEqualTo("Once upon a time");
    assertThat(back.path("prompt")).isEqualTo(back.path("content"));
    assertThat(plain.path("count").asInt()).isEqualTo(plain.path("tokens").size());
    assertThat(plain.path("max_model_len").asInt()).isEqualTo(512);
  }

  @Test
  void theTextsFirstTokenIsThereWhereAskedOrWhereVllmHasIt() throws Exception {
    int plain = post("/tokenize", "\"content\":\"Once\"").path("count").asInt();

    assertThat(post("/tokenize", "\"content\":\"Once\",\"add_special\":true").path("count").asInt())
        .isEqualTo(plain + 1);
    assertThat(post("/tokenize", "\"prompt\":\"Once\",\"model\":\"tiny\"").path("count").asInt())
        .isEqualTo(plain + 1);
    assertThat(
            post("/tokenize", "\"prompt\":\"Once\",\"add_special_tokens\":false")
                .path("count")
                .asInt())
        .isEqualTo(plain);
  }

  @Test
  void piecesAreTextOrBytes() throws Exception {
    JsonNode pieces =
        post("/tokenize", "\"content\":\"Once 😀\",\"with_pieces\":true").path("tokens");

    assertThat(pieces.get(0).path("piece").isString()).isTrue();
    assertThat(pieces.get(pieces.size() - 1).path("piece").isArray()).isTrue();
    assertThat(
            post("/tokenize", "\"prompt\":\"Once\",\"return_token_strs\":true")
                .at("/token_strs/0")
                .asString())
        .isEqualTo("<s>");
  }

  @Test
  void aConversationIsTheRenderedText() throws Exception {
    String prompt = post("/apply-template", USER).path("prompt").asString();
    JsonNode tokens = post("/tokenize", USER);

    assertThat(prompt).isEqualTo("user: Once upon a time\nOnce");
    assertThat(
            post("/detokenize", "\"tokens\":" + tokens.path("tokens")).path("content").asString())
        .endsWith(prompt);
  }

  @Test
  void brokenBodiesGetAReasonAndNeverBreakIt() throws Exception {
    Answer nothing = server.post("/tokenize", "{}");
    assertThat(nothing.status()).isEqualTo(400);
    assertThat(nothing.json().at("/error/message").asString()).contains("content is missing");
    Fuzz fuzz =
        new Fuzz(
            "\"model\":\"tiny\"",
            "\"model\":\"nobody\"",
            "\"model\":7",
            "\"content\":\"Once\"",
            "\"content\":[1]",
            "\"prompt\":{}",
            "\"prompt\":\"\"",
            "\"messages\":[]",
            "\"messages\":[{}]",
            "\"messages\":7",
            USER,
            "\"add_generation_prompt\":true,\"continue_final_message\":true",
            "\"chat_template_kwargs\":7",
            "\"tools\":[{}]",
            "\"tokens\":[-1]",
            "\"tokens\":[1,2,511]",
            "\"tokens\":[512]",
            "\"tokens\":[1.5,\"x\"]",
            "\"tokens\":{}",
            "\"with_pieces\":1",
            "\"add_special\":\"x\"",
            "\"query\":\"q\"",
            "\"documents\":[\"a\",{\"text\":\"b\"}]",
            "\"documents\":[{}]",
            "\"documents\":7",
            "\"top_n\":-1",
            "\"instruction\":[]",
            "\"return_documents\":0");
    for (String path :
        List.of("/tokenize", "/detokenize", "/apply-template", "/rerank", "/v1/rerank")) {
      fuzz.run(server, 120, "POST", path);
    }
  }

  private JsonNode post(String path, String fields) throws Exception {
    Answer answer = server.post(path, "{" + fields + "}");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json();
  }
}
