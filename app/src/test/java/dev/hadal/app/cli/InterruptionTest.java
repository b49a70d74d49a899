package dev.hadal.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Ctrl-C and closed pipes, which need a process of their own. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "sends POSIX signals")
@Timeout(
    value = 120,
    threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // where signals are ignored it ends too
final class InterruptionTest {
  private Process process;

  @BeforeEach
  void startAStoryWhoseEndsAreForbidden() throws IOException {
    process = endless();
  }

  @AfterEach
  void endTheProcess() {
    process.destroyForcibly();
  }

  @Test
  void ctrlCEndsAnAnswerWithTheShellsCode() throws Exception {
    try (InputStream out = process.getInputStream()) {
      assertThat(out.readNBytes(20)).isNotEmpty();
      new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();

      assertThat(new String(out.readAllBytes(), StandardCharsets.UTF_8)).endsWith("\n");
    }
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(130);
  }

  @Test
  void aReaderThatLeavesEndsAnAnswerQuietly() throws Exception {
    try (InputStream out = process.getInputStream()) {
      assertThat(out.readNBytes(20)).isNotEmpty();
    }
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
        .doesNotContain("hadal:", "Exception");
  }

  private static Process endless() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-modules",
            "jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "run",
            "tiny",
            "Once",
            "--context",
            "100000",
            "--logit-bias",
            "1=-100",
            "--logit-bias",
            "2=-100")
        .start();
  }
}
