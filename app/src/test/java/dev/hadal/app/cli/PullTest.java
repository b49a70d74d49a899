package dev.hadal.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.app.hub.FakeHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** As a person pulls: in a process of its own, with its variables, that may be killed. */
@Timeout(120)
final class PullTest {
  private static final String NAME = "hf.co/org/repo:Q8_0";

  @TempDir private Path home;

  private FakeHub hub;

  @BeforeEach
  void start() throws IOException {
    hub = new FakeHub();
  }

  @AfterEach
  void stop() {
    hub.release();
    hub.close();
  }

  @Test
  void aPulledModelIsUsedByItsNameUntilItIsRemoved() throws Exception {
    hub.with("tiny-Q8_0.gguf", Files.readAllBytes(Tiny.file()));

    Cli before = run("info", NAME);
    assertThat(before.code()).isEqualTo(2);
    assertThat(before.err())
        .contains("no model named '" + NAME + "' on this machine; 'hadal pull " + NAME + "'");

    Cli pulled = run("pull", NAME);
    assertThat(pulled.err()).contains("fetching hf.co/org/repo: tiny-Q8_0.gguf, 1.01 MiB");
    assertThat(Path.of(pulled.out().strip()))
        .isRegularFile()
        .startsWith(home.resolve("hf/hub/models--org--repo"));

    assertThat(run("list").out()).contains(NAME, "1.01 MiB", "tiny");
    assertThat(run("show", NAME).out()).contains(FakeHub.COMMIT, "tiny-Q8_0.gguf");
    assertThat(run("run", NAME, "Once upon a time", "--max-tokens", "4").code()).isZero();
    assertThat(run("pull", "--offline", NAME).out()).isEqualTo(pulled.out());
    assertThat(run("rm", NAME).out()).contains("1.01 MiB freed");
    assertThat(run("list").out()).doesNotContain(NAME);
  }

  @Test
  void aKilledDownloadGoesOnWhereItWas() throws Exception {
    byte[] model = FakeHub.model(80 << 20, 1); // ten chunks, of which eight are fetched at once
    hub.with("m-Q8_0.gguf", model).holdingAfter(8);
    Process killed = process("pull", NAME).start();
    hub.awaitHeld(); // a ninth is asked for when the first was written down
    killed.destroyForcibly().waitFor();
    hub.release();
    int before = contents();

    Cli pulled = run("pull", NAME);

    assertThat(pulled.code()).as(pulled.err()).isZero();
    assertThat(Path.of(pulled.out().strip())).hasBinaryContent(model);
    assertThat(contents() - before).isLessThan(10);
  }

  private int contents() {
    return (int) hub.requests().stream().filter(r -> r.server().equals("store")).count();
  }

  private Cli run(String... args) throws IOException, InterruptedException {
    Process process = process(args).redirectError(home.resolve("err").toFile()).start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Cli(process.waitFor(), out, Files.readString(home.resolve("err")));
  }

  private ProcessBuilder process(String... args) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Duser.home=" + home,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(args));
    ProcessBuilder process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    for (String proxy : List.of("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY")) {
      process.environment().remove(proxy);
    }
    process
        .environment()
        .putAll(
            Map.of(
                "HF_ENDPOINT", hub.address().toString(),
                "HF_HOME", home.resolve("hf").toString(),
                "XDG_CACHE_HOME", home.resolve("cache").toString()));
    process.environment().remove("HF_HUB_CACHE");
    process.environment().remove("HF_TOKEN");
    process.environment().remove("HF_HUB_OFFLINE");
    return process;
  }
}
