package dev.hadal.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MainTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "chat",
        "run",
        "info",
        "tokenize",
        "render",
        "verify",
        "quantize",
        "synth",
        "bench",
        "doctor",
        "pull",
        "list",
        "show",
        "rm",
        "serve"
      })
  void everyCommandHelpsWithExamples(String command) {
    Cli help = Cli.run(command, "--help");

    assertThat(help.code()).isZero();
    assertThat(help.out()).contains("Usage: hadal " + command, "Examples:", "hadal " + command);
    assertThat(help.err()).isEmpty();
  }

  @Test
  void aloneItListsItsCommands() {
    assertThat(Cli.run().out()).contains("chat", "verify", "quantize", "hadal run tiny");
    assertThat(Cli.run("--help").out()).isEqualTo(Cli.run().out());
  }

  @Test
  void theVersionIsOneLine() {
    assertThat(Cli.run("--version").out()).startsWith("hadal ").hasLineCount(1);
  }

  @Test
  void aPipeSeesNoColours() {
    assertThat(Cli.run("run", "--help").out()).doesNotContain("\u001b");
    assertThat(Cli.shown("", "run", "--help").out()).contains("\u001b");
  }

  @Test
  void aMistypedCommandIsGuessed() {
    Cli failed = Cli.run("rum");

    assertThat(failed.code()).isEqualTo(2);
    assertThat(failed.err())
        .isEqualToIgnoringNewLines("hadal: unknown command 'rum'; did you mean run?");
    assertThat(failed.out()).isEmpty();
  }

  @Test
  void aMistypedOptionIsGuessed() {
    Cli failed = Cli.run("run", "tiny", "x", "--tempature", "1");

    assertThat(failed.code()).isEqualTo(2);
    assertThat(failed.err()).contains("'--tempature'", "did you mean --temperature?");
  }

  @Test
  void aWrongValueNamesOptionAndHelp() {
    Cli failed = Cli.run("run", "tiny", "x", "--top-k", "many");

    assertThat(failed.code()).isEqualTo(2);
    assertThat(failed.err()).contains("'--top-k'", "'many'", "hadal run --help").hasLineCount(1);
  }

  @Test
  void aTraceIsShownOnRequestOnly() {
    assertThat(Cli.run("info", "nowhere.gguf").err()).hasLineCount(1);
    assertThat(Cli.run("info", "nowhere.gguf", "--verbose").err()).contains("\tat dev.hadal");
    assertThat(Cli.run("--verbose", "info", "nowhere.gguf").err()).contains("\tat dev.hadal");
  }
}
