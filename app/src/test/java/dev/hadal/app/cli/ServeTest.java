package dev.hadal.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The server as a process of its own: how it begins, is killed, and begins again. */
@Timeout(120)
final class ServeTest {
  @TempDir private Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private final List<ServingProcess> all = new ArrayList<>();

  @AfterEach
  void end() {
    all.forEach(ServingProcess::close);
    client.close();
  }

  @Test
  void aKillLosesNoMessageThatHadEnded() throws Exception {
    ServingProcess served = served("serve", "tiny", "--parallel", "1");
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String id =
          ask(served, "POST", "/conversations", "{\"sampling\":{\"max_tokens\":150}}")
              .path("id")
              .stringValue();
      ask(served, "POST", "/conversations/" + id + "/answers", "{\"content\":\"Once\"}");
      ids.add(id);
    }
    Map<String, JsonNode> done = new HashMap<>();
    while (done.isEmpty()) {
      for (String id : ids) {
        JsonNode answer = answer(served, id);
        if (answer.path("state").asString().equals("done")) {
          done.put(id, answer);
        }
      }
    }

    served.process().destroyForcibly().waitFor();
    served = served("serve", "tiny");

    for (String id : ids) {
      JsonNode answer = answer(served, id);
      if (done.containsKey(id)) {
        assertThat(answer).isEqualTo(done.get(id));
      }
      assertThat(answer.path("state").asString()).isIn("done", "error");
      if (answer.path("state").asString().equals("error")) {
        assertThat(answer.path("error").path("code").asString()).isEqualTo("restarted");
      }
    }
    assertThat(answer(served, ids.getLast()).path("state").asString()).isEqualTo("error");
  }

  @Test
  void aSecondOneOnTheSameConversationsIsRefused() throws Exception {
    served("serve", "tiny");
    Process second = ServingProcess.start(ServingProcess.FLAGS, folder, Map.of(), "serve", "tiny");
    assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(new String(second.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("in use by another Hadal")
        .contains("--data");
    assertThat(second.exitValue()).isEqualTo(2);
  }

  @Test
  void chatInTheBrowserSaysWhereItIs() throws Exception {
    ServingProcess served = served("chat", "tiny", "--web");
    assertThat(ask(served, "GET", "/server", null).path("version").asString()).isNotEmpty();
  }

  private JsonNode answer(ServingProcess served, String conversation) throws Exception {
    return ask(served, "GET", "/conversations/" + conversation, null).path("messages").path(1);
  }

  private JsonNode ask(ServingProcess served, String method, String path, String body)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(served.address().resolve("/hadal/v1" + path))
            .header("Content-Type", "application/json")
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    return JsonMapper.shared().readTree(client.send(request, BodyHandlers.ofString()).body());
  }

  private ServingProcess served(String... command) throws IOException {
    ServingProcess served = ServingProcess.of(ServingProcess.FLAGS, folder, Map.of(), command);
    all.add(served);
    return served;
  }
}
