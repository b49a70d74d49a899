package dev.hadal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadal.chat.ChatRequest;
import dev.hadal.chat.ChatResponse;
import dev.hadal.chat.Message;
import dev.hadal.engine.CapacityException;
import dev.hadal.engine.FinishReason;
import dev.hadal.engine.SamplingParams;
import dev.hadal.engine.TextStream;
import dev.hadal.testing.TestData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HadalTest {
  private static final Path PROJECT = TestData.root().getParent();
  private static final Path TINY =
      PROJECT.resolve("app/src/main/resources/dev/hadal/app/models/tiny.gguf");
  private static final SamplingParams GREEDY = SamplingParams.greedy().withMaxTokens(24);

  private static String drain(TextStream stream) {
    StringBuilder text = new StringBuilder();
    for (Optional<String> p = stream.next(); p.isPresent(); p = stream.next()) {
      text.append(p.get());
    }
    return text.toString();
  }

  @Test
  void theExampleOfTheReadmeCompilesAndAnswers(@TempDir Path folder) throws Exception {
    String readme = Files.readString(PROJECT.resolve("README.md"));
    String example = readme.substring(readme.indexOf("```java\n") + 8);
    example = example.substring(0, example.indexOf("```"));
    assertThat(example.strip().lines())
        .as("load, ask, print, and a brace")
        .hasSizeLessThanOrEqualTo(4);
    Path source = folder.resolve("Example.java");
    Files.writeString(
        source,
        """
        import dev.hadal.Hadal;
        import java.nio.file.Path;

        public class Example {
          public static void main() {
        %s  }
        }
        """
            .formatted(example.replace("model.gguf", TINY.toString().replace("\\", "/"))));
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                folder.toString(),
                source.toString());
    assertThat(code).as("the example compiles").isZero();
    assertThat(run(folder)).as("the example prints an answer").isNotBlank();
  }

  private static String run(Path classes) throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      loader.loadClass("Example").getMethod("main").invoke(null);
    } finally {
      System.setOut(before);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void continuesAStory() {
    try (Hadal model = Hadal.load(TINY);
        TextStream stream = model.complete("Once upon a time", GREEDY)) {
      assertThat(drain(stream)).startsWith(", there was a little girl named");
      assertThat(stream.finishReason()).contains(FinishReason.LENGTH);
      assertThat(stream.tokens().generatedTokens()).isEqualTo(24);
    }
  }

  @Test
  void everyBackEndTellsTheSameStory() {
    List<String> stories =
        List.of("reference", "").stream()
            .map(backend -> {
              try (Hadal model = Hadal.load(TINY, HadalOptions.defaults().withBackend(backend))) {
                return drain(model.complete("Lily", GREEDY));
              }
            })
            .toList();
    assertThat(stories.get(1)).isEqualTo(stories.get(0));
  }

  @Test
  void aStopStringEndsTheAnswerAndIsNotShown() {
    try (Hadal model = Hadal.load(TINY)) {
      SamplingParams params = GREEDY.withStop(List.of("little girl"));
      TextStream stream = model.complete("Once upon a time", params);
      assertThat(drain(stream)).isEqualTo(", there was a ");
      assertThat(stream.finishReason()).contains(FinishReason.STOP);
    }
  }

  @Test
  void chatCountsItsTokens() {
    try (Hadal model = Hadal.load(TINY)) {
      ChatResponse answer = model.chat(ChatRequest.of(Message.user("Tom had")), GREEDY);
      assertThat(answer.content()).isNotBlank();
      assertThat(answer.completionTokens()).isEqualTo(24);
      assertThat(answer.promptTokens()).isGreaterThan(1);
    }
  }

  @Test
  void answersDoNotDependOnWhatWasAskedBefore() {
    try (Hadal model = Hadal.load(TINY)) {
      String first = drain(model.complete("Tom", GREEDY));
      drain(model.complete("A big dog", GREEDY));
      assertThat(drain(model.complete("Tom", GREEDY))).isEqualTo(first);
    }
  }

  @Test
  void useAfterCloseIsAClearError() {
    Hadal model = Hadal.load(TINY);
    model.close();
    model.close();
    assertThatThrownBy(() -> model.ask("Hello"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void aPromptLongerThanTheContextIsRefusedWithTheNumbers() {
    try (Hadal model = Hadal.load(TINY, HadalOptions.defaults().withContextLength(8))) {
      assertThatThrownBy(() -> model.ask("Once upon a time there was a very long question"))
          .isInstanceOf(CapacityException.class)
          .hasMessageContaining("context holds 8");
    }
  }

  @Test
  void whatIsNotThereIsSaid() throws IOException {
    assertThatThrownBy(() -> Hadal.load(Path.of("nowhere.gguf")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nowhere.gguf");
    assertThatThrownBy(() -> Hadal.load(TINY, HadalOptions.defaults().withBackend("abacus")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("reference");
  }
}
