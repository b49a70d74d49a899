package dev.hadal.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.testing.Conformance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What the references say holds on the command line too, as anyone would check it. */
@Tag("conformance")
final class ConformanceTest {
  @Test
  void theStorytellerKeepsToItsAuthorsText() throws IOException {
    String expected = Files.readString(Conformance.file("models/stories260k.greedy200.txt"));
    Cli story = Cli.run("run", "tiny", "--raw", "", "--temperature", "0", "-n", "200");

    assertThat(story.out()).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("logits")
  void probabilitiesAreTheReferences(Path vector) {
    Cli verified = Cli.run("verify", vector.toString());

    assertThat(verified.err()).isEmpty();
    assertThat(verified.code()).as(verified.out()).isZero();
  }

  static List<Path> logits() throws IOException {
    return files("vectors/logits", ".json");
  }

  @ParameterizedTest
  @MethodSource("quants")
  void quantisedModelsKeepNearTheReference(Path vector) {
    Cli verified = Cli.run("verify", vector.toString(), "--kl", "5e-3");

    assertThat(verified.err()).isEmpty();
    assertThat(verified.code()).as(verified.out()).isZero();
  }

  static List<Path> quants() throws IOException {
    return files("vectors/quants", ".json").stream()
        .filter(f -> !f.toString().endsWith(".dequant.json"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("templates")
  void promptsAreTheReferences(Path template) throws IOException {
    JsonNode all = json(Conformance.file("templates/cases.json"));
    JsonNode expected =
        json(Path.of(template.toString().replaceAll("\\.jinja$", ".expected.json")));
    for (String name : expected.propertyNames()) {
      ObjectNode request = (ObjectNode) all.path("cases").path(name).deepCopy();
      request.setAll((ObjectNode) all.path("special"));
      Cli rendered =
          Cli.reading(
              request.toString(),
              "render",
              template.toString(),
              "-",
              "--now",
              all.path("now").asString());
      if (expected.path(name).has("error")) {
        assertThat(rendered.code()).as(name).isEqualTo(2);
      } else {
        assertThat(rendered.out()).as(name).isEqualTo(expected.path(name).path("text").asString());
      }
    }
  }

  static List<Path> templates() throws IOException {
    return files("templates", ".jinja");
  }

  @ParameterizedTest
  @MethodSource("vocabularies")
  void idsAreTheReferences(Path vocabulary) throws IOException {
    String name = vocabulary.getFileName().toString().replaceAll("\\.gguf$", "");
    // One text of each, the longest: a vocabulary is read anew for every call.
    JsonNode row =
        json(Conformance.file("tokenizers/expected/" + name + ".json"))
            .valueStream()
            .max(Comparator.comparingInt(r -> r.path("text").asString().length()))
            .orElseThrow();

    Cli ids =
        Cli.reading(
            row.path("text").asString(),
            "tokenize",
            vocabulary.toString(),
            "--json",
            "--no-special");

    assertThat(JsonMapper.shared().readTree(ids.out())).isEqualTo(row.path("ids"));
  }

  static List<Path> vocabularies() throws IOException {
    return files("tokenizers/gguf", ".gguf");
  }

  private static List<Path> files(String within, String suffix) throws IOException {
    try (Stream<Path> files = Files.list(Conformance.file(within))) {
      List<Path> found = files.filter(f -> f.toString().endsWith(suffix)).sorted().toList();
      assertThat(found).isNotEmpty();
      return found;
    }
  }

  private static JsonNode json(Path file) {
    return JsonMapper.shared().readTree(file);
  }
}
