package dev.hadal.app.server.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.app.server.BrokenBodies;
import dev.hadal.app.server.page.PageServer.Said;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Bodies of all kinds of wrong to the page's endpoints: refused with a reason, or answered. */
final class PageFuzzTest {
  private static final int CASES = 150;

  @TempDir private static Path folder;

  private static PageServer server;
  private static String conversation;

  @BeforeAll
  static void start() throws Exception {
    server = PageServer.start(folder);
    conversation = server.post("/conversations", "{}").json().path("id").stringValue();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          POST  | /conversations    | {"title": "a", "system": "b", "thinking": null, "sampling": {"temperature": 1, "stop": ["x"]}}
          PATCH | /conversations/ID | {"title": "a", "pinned": true, "leaf": null, "model": "tiny", "sampling": {"seed": 3}}
          POST  | /conversations/ID/answers | {"parent": null, "content": "a", "attachments": [{"name": "n", "type": "t", "text": "x"}], "sampling": {"max_tokens": 1}}
          POST  | /import           | {"format": "hadal-conversations", "version": 1, "conversations": [{"title": "a", "messages": [{"id": "m", "parent": null, "role": "user", "content": "x"}]}]}
          POST  | /comparisons      | {"prompt": "a", "models": ["tiny", "other"], "blind": true, "category": "general", "sampling": {"max_tokens": 1}}
          POST  | /presets          | {"name": "a", "system": "b", "thinking": false, "sampling": {"temperature": 0.2}}
          POST  | /session          | {"key": "x"}
          POST  | /models/unload    | {"name": "nobody"}
          """)
  void whatIsWrongIsRefusedAndBreaksNothing(String method, String path, String example)
      throws Exception {
    String at = path.replace("ID", conversation);
    ObjectNode body = (ObjectNode) JsonMapper.shared().readTree(example);
    Random random = new Random(path.hashCode());
    for (byte[] wrong : BrokenBodies.alwaysWrong()) {
      String text = new String(wrong, UTF_8);
      if (!Arrays.equals(text.getBytes(UTF_8), wrong)) {
        continue; // what is no UTF-8 cannot be said in text
      }
      Said said = server.send(method, at, text);
      assertThat(said.status()).as("%s: %s", text, said.text()).isBetween(400, 499);
    }
    for (int i = 0; i < CASES; i++) {
      String text = new String(BrokenBodies.mutated(body, random), UTF_8);
      Said said = server.send(method, at, text);
      assertThat(said.status()).as("%s: %s", text, said.text()).isBetween(200, 499);
      if (said.status() >= 400) {
        assertThat(said.code()).as("%s: %s", text, said.text()).isNotEmpty();
        assertThat(said.json().path("error").path("message").asString())
            .as("%s", text)
            .isNotEmpty();
      }
    }
    assertThat(server.get("/conversations/" + conversation).status()).isEqualTo(200);
  }
}
