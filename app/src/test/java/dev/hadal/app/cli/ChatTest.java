package dev.hadal.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ChatTest {
  @TempDir private Path folder;
  private String model = "";

  @BeforeEach
  void makeAModelThatChats() throws IOException {
    model = TinyChat.in(folder).toString();
  }

  @Test
  void aPipeGetsAnswersOnly() {
    Cli chat = chat("Hi\n");

    assertThat(chat.code()).isZero();
    assertThat(chat.err()).isEmpty();
    assertThat(chat.out()).isNotBlank().doesNotContain("\u001b", ">", "Hi");
  }

  @Test
  void aModelWithoutATemplateGoesOnWithTheText() {
    assertThat(Cli.reading("Once upon a time\n", "chat", "--temperature", "0", "-n", "8").out())
        .isEqualTo(", there was a little girl\n");
  }

  @Test
  void theConversationIsSavedAsMessages() throws IOException {
    Path file = folder.resolve("talk.json");
    Cli chat = chat("/system Be brief\nHi\nAgain\n/save " + file + "\n");
    JsonNode messages = JsonMapper.shared().readTree(Files.readString(file)).path("messages");

    assertThat(chat.code()).isZero();
    assertThat(messages.valueStream().map(m -> m.path("role").asString()))
        .containsExactly("system", "user", "assistant", "user", "assistant");
    assertThat(messages.get(1).path("content").asString()).isEqualTo("Hi");
  }

  @Test
  void aSavedConversationGoesOn() throws IOException {
    Path file = folder.resolve("talk.json");
    String whole = chat("Hi\n/save " + file + "\nAgain\n").out();
    String second = chat("/load " + file + "\nAgain\n").out();

    assertThat(whole).endsWith(second);
    assertThat(chat("Again\n").out()).isNotEqualTo(second);
  }

  @Test
  void clearForgetsWhatWasSaid() {
    assertThat(chat("Hi\n/clear\nHi\n").out()).isEqualTo(chat("Hi\n").out().repeat(2));
  }

  @Test
  void regenerateAnswersTheSameQuestion() {
    assertThat(chat("Hi\n/regenerate\n").out()).isEqualTo(chat("Hi\n").out().repeat(2));
  }

  @Test
  void aTurnMayHaveSeveralLines() throws IOException {
    Path file = folder.resolve("talk.json");
    chat("\"\"\"\none\ntwo\n\"\"\"\nthree\\\nfour\n/save " + file + "\n");
    JsonNode messages = JsonMapper.shared().readTree(Files.readString(file)).path("messages");

    assertThat(messages.get(0).path("content").asString()).isEqualTo("one\ntwo");
    assertThat(messages.get(2).path("content").asString()).isEqualTo("three\nfour");
  }

  @Test
  void whatNoLongerFitsIsLeftOutAndSaid() {
    Cli chat =
        Cli.reading(
            "Hello there\nHow are you?\nTell more\nAnd more\n",
            "chat",
            model,
            "--temperature",
            "0",
            "-n",
            "16",
            "--context",
            "96");

    assertThat(chat.code()).isZero();
    assertThat(chat.err())
        .contains("the context of 96 tokens is full: the oldest turn is left out");
  }

  @Test
  void aQuestionTooLongIsAnErrorAndForgotten() {
    Cli chat =
        Cli.reading(
            "word ".repeat(80) + "\nHi\n",
            "chat",
            model,
            "--temperature",
            "0",
            "-n",
            "8",
            "--context",
            "64");

    assertThat(chat.err()).contains("the context holds 64");
    assertThat(chat.out()).isEqualTo(chat("Hi\n").out());
  }

  @Test
  void mistakesAreAnsweredAndTheChatGoesOn() {
    Cli chat = chat("/sav\n/save\n/load nowhere.json\n/system\n/stats\nHi\n");

    assertThat(chat.err().lines())
        .satisfiesExactly(
            line -> assertThat(line).contains("did you mean /save?"),
            line -> assertThat(line).contains("which file?"),
            line -> assertThat(line).contains("nowhere.json"),
            line -> assertThat(line).contains("no system message"),
            line -> assertThat(line).contains("no answer yet"));
    assertThat(chat.out()).isEqualTo(chat("Hi\n").out());
  }

  @Test
  void statsComeAfterEveryAnswerWhenAsked() {
    assertThat(chat("Hi\n/stats\n").err()).contains("answer 8 tokens").hasLineCount(1);
    assertThat(chat("/stats on\nHi\nHi\n").err().lines().filter(l -> l.contains("answer 8")))
        .hasSize(2);
  }

  @Test
  void exitLeaves() {
    assertThat(chat("/exit\nHi\n").out()).isEmpty();
  }

  private Cli chat(String input) {
    return Cli.reading(input, "chat", model, "--temperature", "0", "-n", "8");
  }
}
