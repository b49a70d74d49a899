package example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.testing.Howto;
import dev.hadal.testing.Parrot;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The application against a real 'hadal serve'. */
@Timeout(120)
final class StorytellerTest {
  @TempDir private static Path folder;

  private static Process server;
  private static String address;

  @BeforeAll
  static void serve() throws IOException {
    server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.hadal.app.cli.Main",
                "serve",
                "tiny",
                "parrot=" + Parrot.in(folder),
                "--port",
                "0")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader out = server.inputReader();
    String greeting = out.readLine();
    assertThat(greeting).startsWith("Serving tiny, parrot at http://");
    address = greeting.substring(greeting.indexOf("http://"));
  }

  @AfterAll
  static void end() {
    server.destroy();
  }

  private static ConfigurableApplicationContext application(String model) {
    return new SpringApplicationBuilder(StoryApplication.class)
        .run(
            "--spring.ai.openai.base-url=" + address + "/v1",
            "--spring.ai.openai.chat.model=" + model,
            "--spring.ai.openai.embedding.model=" + model,
            "--spring.main.banner-mode=off",
            "--logging.level.root=warn");
  }

  @Test
  void itTellsListensAndGetsAValue() {
    try (ConfigurableApplicationContext context = application("tiny")) {
      Storyteller storyteller = context.getBean(Storyteller.class);

      assertThat(storyteller.tell("Once upon a time")).isNotBlank();
      List<String> pieces = storyteller.listen("Once upon a time").collectList().block();
      assertThat(pieces).hasSizeGreaterThan(2);
      assertThat(storyteller.hero("A story of a cat").kind())
          .isIn((Object[]) Storyteller.Kind.values());
    }
  }

  @Test
  void theHowToShowsTheseFiles() {
    String main = "examples/spring-ai/src/main/";
    Howto.showsTextOf(
        "spring-ai.md",
        "examples/spring-ai/pom.xml",
        main + "resources/application.properties",
        main + "java/example/StoryApplication.java",
        main + "java/example/Storyteller.java");
  }

  @Test
  void itsMethodIsCalled() {
    try (ConfigurableApplicationContext context = application("parrot")) {
      assertThat(context.getBean(Storyteller.class).weather("How warm is Oslo?"))
          .isEqualTo(Parrot.ANSWER);
      assertThat(context.getBean(EmbeddingModel.class).embed("Oslo")).isNotEmpty();
    }
  }
}
