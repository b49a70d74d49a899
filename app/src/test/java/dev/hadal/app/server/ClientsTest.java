package dev.hadal.app.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.app.hub.HubSettings;
import dev.hadal.app.server.anthropic.Anthropic;
import dev.hadal.app.server.ollama.Ollama;
import dev.hadal.app.server.openai.OpenAi;
import dev.hadal.testing.TestData;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The clients people have, unmodified: programs in {@code src/test/clients}. */
@Tag("peers")
final class ClientsTest {
  private static final Path CLIENTS = TestData.root().resolveSibling("app/src/test/clients");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"openai", "anthropic", "ollama"})
  @Timeout(120)
  void theNpmClientIsServed(String client) throws Exception {
    assertThat(CLIENTS.resolve("node_modules"))
        .as("'npm install --ignore-scripts' in %s brings the clients", CLIENTS)
        .isDirectory();
    Path out = folder.resolve("out.txt");
    HubSettings hub = HubSettings.of(Map.of("HF_HUB_OFFLINE", "1"), folder, folder.resolve("hub"));
    try (TestServer server =
        TestServer.start(folder, new OpenAi(), new Anthropic(), new Ollama(hub))) {
      int status =
          new ProcessBuilder("node", client + ".mjs", server.server().address().toString())
              .directory(CLIENTS.toFile())
              .redirectErrorStream(true)
              .redirectOutput(out.toFile())
              .start()
              .waitFor();

      assertThat(Files.readString(out, StandardCharsets.UTF_8)).isEqualTo("ok\n");
      assertThat(status).isZero();
    }
  }
}
