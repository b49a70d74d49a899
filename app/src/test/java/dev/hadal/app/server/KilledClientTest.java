package dev.hadal.app.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.HadalOptions;
import dev.hadal.app.cli.TinyChat;
import dev.hadal.app.models.FolderCatalog;
import dev.hadal.app.server.openai.OpenAi;
import java.net.URI;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client whose process is killed while it is answered. */
@Timeout(60)
final class KilledClientTest {
  private static final String HUNG_UP =
      "hadal:http_requests_total{endpoint=\"POST /v1/completions\",status=\"499\"} 1";

  @TempDir private Path folder;

  /** The client: says that the answer began, then reads it for as long as it lives. */
  public static void main(String[] args) throws Exception {
    String body =
        "{\"model\":\"tiny\",\"prompt\":\"Once\",\"max_tokens\":90000,\"ignore_eos\":true,\"temperature\":0,\"stream\":true}";
    try (Raw client = new Raw(URI.create(args[0]))) {
      client.say(
          "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n"
              + body);
      client.some();
      System.out.println("begun");
      client.all();
    }
  }

  @Test
  void whatItsAnswerHeldIsGivenBack() throws Exception {
    FolderCatalog models = new FolderCatalog().with("tiny", TinyChat.in(folder));
    HadalOptions opening = HadalOptions.defaults().withThreads(1).withContextLength(100_000);
    try (TestServer server =
        TestServer.start(models, opening, ServerOptions.local(0), new OpenAi())) {
      Process client =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  KilledClientTest.class.getName(),
                  server.server().address().toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      assertThat(client.inputReader(UTF_8).readLine()).isEqualTo("begun");
      assertThat(metric(server, "vllm:num_requests_running")).isEqualTo(1);
      assertThat(metric(server, "vllm:kv_cache_usage_perc")).isPositive();

      client.destroyForcibly().waitFor(); // SIGKILL: it says no word more

      while (!server.get("/metrics").text().contains(HUNG_UP)) {
        Thread.onSpinWait(); // the test's own timeout ends it
      }
      while (metric(server, "vllm:num_requests_running") > 0) {
        Thread.onSpinWait();
      }
      assertThat(metric(server, "vllm:kv_cache_usage_perc")).isZero();
      assertThat(metric(server, "hadal:model_users")).isZero();
      assertThat(server.get("/metrics").text()).contains("finished_reason=\"abort\"");
    }
  }

  private static double metric(TestServer server, String name) throws Exception {
    Matcher line =
        Pattern.compile("(?m)^" + name + "\\{[^}]*} (\\S+)$")
            .matcher(server.get("/metrics").text());
    assertThat(line.find()).as(name).isTrue();
    return Double.parseDouble(line.group(1));
  }
}
