package dev.hadal.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadal.chat.jinja.TemplateException;
import dev.hadal.testing.Conformance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("conformance")
class ChatTemplateKitTest {
  private static final JsonMapper JSON = new JsonMapper();

  @Test
  void requestsReadFromJsonRenderAsThePythonReference() throws IOException {
    JsonNode cases = JSON.readTree(Conformance.file("templates/cases.json"));
    Clock clock =
        Clock.fixed(
            LocalDateTime.parse(cases.get("now").asString()).toInstant(ZoneOffset.UTC),
            ZoneOffset.UTC);
    for (Path file : templates()) {
      JsonNode expected =
          JSON.readTree(
              file.resolveSibling(
                  file.getFileName().toString().replace(".jinja", ".expected.json")));
      ChatTemplate template =
          ChatTemplate.of(Files.readString(file), "<|bos|>", "<|eos|>").withClock(clock);
      cases
          .get("cases")
          .propertyStream()
          .forEach(entry -> {
            ChatRequest request = ChatRequest.fromJson(entry.getValue());
            JsonNode wanted = expected.get(entry.getKey());
            if (wanted.has("text")) {
              assertThat(template.render(request))
                  .as("%s, %s", file.getFileName(), entry.getKey())
                  .isEqualTo(wanted.get("text").asString());
            } else {
              assertThatThrownBy(() -> template.render(request))
                  .isInstanceOf(TemplateException.class);
            }
          });
    }
  }

  private static List<Path> templates() throws IOException {
    try (Stream<Path> files = Files.list(Conformance.file("templates"))) {
      return files.filter(file -> file.toString().endsWith(".jinja")).sorted().toList();
    }
  }
}
