package dev.hadal.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class RunTest {
  private static final String[] GREEDY = {"--temperature", "0", "--max-tokens", "20"};

  @TempDir private Path folder;

  @Test
  void theBuiltInModelTellsAStory() {
    Cli story = run("Once upon a time");

    assertThat(story.err()).isEmpty();
    assertThat(story.code()).isZero();
    assertThat(story.out()).startsWith(", there was a little girl named Lily.").endsWith("\n");
  }

  @Test
  void aTerminalSeesThePromptBeforeItsContinuation() {
    Cli story = Cli.shown("", with("run", "tiny", "Once upon a time"));

    assertThat(story.out()).startsWith("\u001b[2mOnce upon a time\u001b[0m, there was");
  }

  @Test
  void thePromptMayComeThroughAPipe() {
    assertThat(Cli.reading("Once upon a time\n", with("run", "tiny")).out())
        .isEqualTo(run("Once upon a time").out());
    assertThat(Cli.reading("Once upon a time", with("run", "tiny", "-")).out())
        .isEqualTo(run("Once upon a time").out());
  }

  @Test
  void aRawCompletionInAPipeIsTheTextAlone() {
    assertThat(run("Once upon a time", "--raw").out() + "\n")
        .isEqualTo(run("Once upon a time").out());
  }

  @Test
  void anEmptyRawPromptBeginsAtTheBeginning() {
    assertThat(run("", "--raw").out()).startsWith("Once upon a time, there was");
  }

  @Test
  void aSeedRepeatsAnAnswer() {
    String[] seven = {"run", "tiny", "Lily", "-n", "24", "--temperature", "1", "--seed", "7"};
    String[] eight = {"run", "tiny", "Lily", "-n", "24", "--temperature", "1", "--seed", "8"};

    assertThat(Cli.run(seven).out())
        .isEqualTo(Cli.run(seven).out())
        .isNotEqualTo(Cli.run(eight).out());
  }

  @Test
  void aStopStringEndsTheAnswerUnseen() {
    assertThat(run("Once upon a time", "--stop", "girl", "--stop", "nowhere").out())
        .isEqualTo(", there was a little \n");
  }

  @Test
  void aBiasForbidsAToken() {
    String ids = Cli.run("tokenize", "tiny", "time,", "--json").out().strip();
    String comma = ids.substring(ids.lastIndexOf(' ') + 1, ids.length() - 1);

    assertThat(run("Once upon a time", "--logit-bias", comma + "=-100").out())
        .isNotEmpty()
        .doesNotStartWith(",");
  }

  @Test
  void jsonHoldsAnswerReasonAndCounts() {
    JsonNode json = JsonMapper.shared().readTree(run("Once upon a time", "--json").out());

    assertThat(json.path("content").asString()).startsWith(", there was a little girl");
    assertThat(json.path("finish_reason").asString()).isEqualTo("length");
    assertThat(json.path("usage").path("completion_tokens").asInt()).isEqualTo(20);
    assertThat(json.path("usage").path("total_tokens").asInt())
        .isEqualTo(20 + json.path("usage").path("prompt_tokens").asInt());
    assertThat(json.path("timings").path("predicted_per_second").isNumber()).isTrue();
    assertThat(json.path("timings").path("load_ms").isNumber()).isTrue();
  }

  @Test
  void statsGoToTheErrorStream() {
    Cli story = run("Once upon a time", "--stats");

    assertThat(story.out()).isEqualTo(run("Once upon a time").out());
    assertThat(story.err()).contains("answer 20 tokens");
  }

  @Test
  void aTemplateFramesThePrompt() throws IOException {
    String model = TinyChat.in(folder).toString();
    Cli answer = Cli.run(with("run", model, "Hi", "--system", "Tell", "--var", "opening=There"));
    Cli framed = Cli.run(with("run", "tiny", "--raw", "system: Tell\nuser: Hi\nThere"));

    assertThat(answer.err()).isEmpty();
    assertThat(answer.out().strip()).isEqualTo(framed.out().strip());
    assertThat(Cli.run(with("run", model, "--raw", "Lily")).out())
        .isEqualTo(Cli.run(with("run", "tiny", "--raw", "Lily")).out());
  }

  @Test
  void aPromptLongerThanTheContextIsAnError() {
    Cli failed = run("Once upon a time there was a cat", "--context", "8");

    assertThat(failed.code()).isEqualTo(2);
    assertThat(failed.err()).contains("the context holds 8").hasLineCount(1);
    assertThat(failed.out()).isEmpty();
  }

  @Test
  void aFullContextIsSaid() {
    Cli cut = Cli.run("run", "tiny", "Once upon a time", "--temperature", "0", "--context", "16");

    assertThat(cut.code()).isZero();
    assertThat(cut.err()).contains("the context of 16 tokens is full").hasLineCount(1);
  }

  @Test
  void valuesOutOfRangeAreErrors() {
    assertThat(run("x", "--top-p", "2").err()).contains("top_p is 2.0");
    assertThat(run("x", "--temperature", "-1").code()).isEqualTo(2);
    assertThat(run("x", "--threads", "-1").err()).contains("--threads is -1");
    assertThat(run("x", "--backend", "gpu").err()).contains("no back end named 'gpu'");
    assertThat(run("x", "--logit-bias", "9999=1").err()).contains("9999");
  }

  @Test
  void aDamagedFileIsAnError() throws IOException {
    byte[] model = Files.readAllBytes(Tiny.file());
    Path cut = Files.write(folder.resolve("cut.gguf"), Arrays.copyOf(model, 5000));
    Path page = Files.writeString(folder.resolve("page.gguf"), "<html>404</html>");

    assertThat(Cli.run("run", cut.toString(), "x").err()).contains("cut.gguf").hasLineCount(1);
    assertThat(Cli.run("run", cut.toString(), "x").code()).isEqualTo(2);
    assertThat(Cli.run("run", page.toString(), "x").err()).contains("error page");
  }

  @Test
  void guessingAheadChangesNoWordAndIsReported() {
    String plain = run("Once upon a time").out();

    assertThat(run("Once upon a time", "--speculate", "ngram").out()).isEqualTo(plain);
    assertThat(run("Once upon a time", "--speculate", "tiny").out()).isEqualTo(plain);
    assertThat(run("Once upon a time", "--speculate", "tiny", "--json").out())
        .contains("\"draft_n_accepted\"");
    assertThat(run("Once", "--speculate", "nobody").err()).contains("no model named 'nobody'");
  }

  @Test
  void aCacheThatAModelIsTooNarrowForIsRefusedWithTheRemedy() {
    assertThat(run("Once", "--kv-type", "q8_0").err()).contains("headDim=8", "use F16");
    assertThat(run("Once", "--kv-type", "q2").err()).contains("expected f16 or q8_0");
  }

  private static Cli run(String prompt, String... more) {
    String[] args = with("run", "tiny", prompt);
    String[] all = Arrays.copyOf(args, args.length + more.length);
    System.arraycopy(more, 0, all, args.length, more.length);
    return Cli.run(all);
  }

  /** These arguments, greedily and not long. */
  private static String[] with(String... args) {
    String[] all = Arrays.copyOf(args, args.length + GREEDY.length);
    System.arraycopy(GREEDY, 0, all, args.length, GREEDY.length);
    return all;
  }
}
