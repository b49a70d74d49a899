package dev.hadal.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands that run nothing: tokenize, render, info, quantize. */
final class TextCommandsTest {
  private static final String REQUEST =
      "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi 你好\"}]}";

  @TempDir private Path folder;

  @Test
  void tokensAreListedWithTheirText() {
    Cli listed = Cli.run("tokenize", "tiny", "Once upon a\n");

    assertThat(listed.out().lines().map(String::strip))
        .startsWith("1  <s>", "403  ' Once'", "407  ' upon'", "261  ' a'")
        .last()
        .asString()
        .endsWith("'\\n'");
  }

  @Test
  void jsonIsAnArrayOfIdsOfAllThatComes() {
    assertThat(Cli.reading("Once upon a", "tokenize", "tiny", "--json").out())
        .isEqualTo("[1, 403, 407, 261]\n");
    assertThat(Cli.run("tokenize", "tiny", "Once upon a", "--json", "--no-special").out())
        .isEqualTo("[403, 407, 261]\n");
    assertThat(Cli.run("tokenize", "tiny", "", "--json", "--no-special").out()).isEqualTo("[]\n");
  }

  @Test
  void controlTokensAreRecognisedUnlessTheTextIsPlain() {
    assertThat(Cli.run("tokenize", "tiny", "<s>", "--json", "--no-special").out())
        .isEqualTo("[1]\n");
    assertThat(Cli.run("tokenize", "tiny", "<s>", "--json", "--no-special", "--plain").out())
        .isNotEqualTo("[1]\n");
  }

  @Test
  void aTemplatesFileRendersExactly() throws IOException {
    Path template =
        Files.writeString(
            folder.resolve("t.jinja"),
            "{{ bos_token }}{% for m in messages %}[{{ m.content }}]{% endfor %}{{ mood }}");

    Cli rendered = Cli.reading(REQUEST, "render", template.toString(), "-", "--var", "mood=calm");

    assertThat(rendered.err()).isEmpty();
    assertThat(rendered.out()).isEqualTo("[Hi 你好]calm");
  }

  @Test
  void aModelsTemplateRendersToo() throws IOException {
    Path request = Files.writeString(folder.resolve("request.json"), REQUEST);

    assertThat(Cli.run("render", TinyChat.in(folder).toString(), request.toString()).out())
        .isEqualTo("user: Hi 你好\nOnce");
    assertThat(Cli.run("render", "tiny", request.toString()).err()).contains("no chat template");
  }

  @Test
  void aTemplateThatRefusesIsAnError() throws IOException {
    Path template =
        Files.writeString(folder.resolve("t.jinja"), "{{ raise_exception('no system, please') }}");

    Cli refused = Cli.reading(REQUEST, "render", template.toString(), "-");

    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("refuses", "no system, please").hasLineCount(1);
    assertThat(Cli.reading("{}", "render", template.toString(), "-").err()).contains("messages");
  }

  @Test
  void infoSaysWhatAModelIsAndNeeds() {
    assertThat(Cli.run("info", "tiny").out()).contains("llama", "260,032", "512 tokens", "F32");

    JsonNode json = JsonMapper.shared().readTree(Cli.run("info", "tiny", "--json").out());
    assertThat(json.path("architecture").asString()).isEqualTo("llama");
    assertThat(json.path("parameters").asLong()).isEqualTo(260_032);
    assertThat(json.path("cache_bytes_per_token").asLong()).isEqualTo(5 * 2 * 4 * 8 * 2);
    assertThat(json.path("chat_template").asBoolean()).isFalse();
  }

  @Test
  void aQuantisedModelTellsItsStory() {
    Path out = folder.resolve("q8.gguf");
    Cli quantised = Cli.run("quantize", "tiny", out.toString(), "--type", "q8_0");

    assertThat(quantised.err()).isEmpty();
    assertThat(quantised.code()).isZero();
    assertThat(Cli.run("info", out.toString()).out()).contains("Q8_0");
    assertThat(
            Cli.run("run", out.toString(), "Once upon a time", "--temperature", "0", "-n", "8")
                .out())
        .startsWith(", there was");
  }

  @Test
  void quantizeExplainsWhatItCanNot() {
    String out = folder.resolve("no/such/folder/x.gguf").toString();

    assertThat(Cli.run("quantize", "tiny", "x.gguf", "--type", "q9").err()).contains("q4_k_m");
    assertThat(Cli.run("quantize", "tiny", out, "--type", "q8_0").err()).contains("mkdir -p");
    assertThat(Cli.run("quantize", "tiny", folder.toString(), "--type", "f16").err())
        .contains("is a folder");
    assertThat(Cli.run("quantize", "tiny", "x.gguf").err()).contains("--type");
  }
}
