package dev.hadal.app.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.app.hub.FakeHub;
import dev.hadal.testing.TestData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page in Chromium against {@code hadal serve}: programs in {@code src/main/web/test/page}. An
 * answer takes some seconds there: the small storyteller knows no end but its context's, and plain
 * loops compute it.
 */
@Tag("peers")
final class PageInBrowserTest {
  private static final Path WEB = TestData.root().resolveSibling("app/src/main/web");

  @TempDir private Path folder;

  @Test
  @Timeout(900)
  void doesAllThatItIsFor() throws Exception {
    assertThat(WEB.resolve("node_modules"))
        .as("'npm ci --ignore-scripts' in %s brings what the tests need", WEB)
        .isDirectory();
    Path first = endless(folder.resolve("first.gguf"));
    Path second = Files.copy(first, folder.resolve("second.gguf"));
    Path out = folder.resolve("out.txt");
    try (FakeHub hub = new FakeHub()) {
      hub.with("m-Q8_0.gguf", FakeHub.model(80 << 20, 1)).holdingAfter(4);
      Map<String, String> environment =
          Map.of(
              "HF_ENDPOINT", hub.address().toString(), "HF_HOME", folder.resolve("hf").toString());
      try (ServingProcess served =
          ServingProcess.of(
              ServingProcess.FLAGS,
              folder,
              environment,
              "serve",
              "first=" + first,
              "second=" + second,
              "--backend",
              "reference",
              "--threads",
              "1",
              "--context",
              "2000")) {
        ProcessBuilder npm = new ProcessBuilder("npm", "run", "--silent", "test:page");
        npm.environment().put("HADAL_URL", served.address().toString());
        npm.environment().put("HADAL_PULL", "hf.co/org/repo:Q8_0");
        Process tests =
            npm.directory(WEB.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
          assertThat(tests.waitFor(14, TimeUnit.MINUTES)).isTrue();
        } finally {
          tests.destroyForcibly();
          hub.release();
        }
        assertThat(tests.exitValue()).as(Files.readString(out, UTF_8)).isZero();
      }
    }
  }

  /** The built-in model with a byte that no text has as what begins and ends one. */
  private static Path endless(Path file) throws IOException {
    ByteBuffer model =
        ByteBuffer.wrap(Files.readAllBytes(Tiny.file())).order(ByteOrder.LITTLE_ENDIAN);
    String text = new String(model.array(), ISO_8859_1);
    for (String key : List.of("tokenizer.ggml.bos_token_id", "tokenizer.ggml.eos_token_id")) {
      int at = text.indexOf(key) + key.length() + Integer.BYTES;
      assertThat(model.getInt(at)).isBetween(1, 2);
      model.putInt(at, 3);
    }
    model.put(text.indexOf("</s>") + 1, (byte) '.'); // known by its name too
    return Files.write(file, model.array());
  }
}
