package dev.hadal.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadal.testing.TestData;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The language against Python's Jinja2; {@code testdata/templates/README.md} tells how. */
class LanguageTest {
  private static final JsonMapper JSON = new JsonMapper();

  @Test
  void everySnippetDoesWhatPythonsJinjaDoes() throws IOException {
    JsonNode file = JSON.readTree(TestData.path("templates/language.json"));
    Map<String, Object> variables = map(file.get("variables"));
    List<String> wrong = new ArrayList<>();
    for (JsonNode snippet : file.get("cases")) {
      String source = snippet.get("template").asString();
      String expected = snippet.has("error") ? "an error" : snippet.get("output").asString();
      String actual;
      try {
        actual = JinjaTemplate.of(source).withClock(clock(file)).render(variables);
      } catch (TemplateException e) {
        actual = "an error";
      }
      if (!actual.equals(expected)) {
        wrong.add(source + " gives " + actual + ", not " + expected);
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void ourOwnChatTemplatesRenderAsInPython() throws IOException {
    JsonNode file = JSON.readTree(TestData.path("templates/requests.json"));
    for (String name : List.of("thinker", "plainturns")) {
      JinjaTemplate template =
          JinjaTemplate.of(Files.readString(TestData.path("templates/" + name + ".jinja")), name)
              .withClock(clock(file));
      JsonNode expected = JSON.readTree(TestData.path("templates/" + name + ".expected.json"));
      file.get("requests")
          .propertyStream()
          .forEach(request -> {
            Map<String, Object> variables = new HashMap<>(map(file.get("special")));
            variables.putAll(map(request.getValue()));
            JsonNode wanted = expected.get(request.getKey());
            if (wanted.has("text")) {
              assertThat(template.render(variables))
                  .as("%s, %s", name, request.getKey())
                  .isEqualTo(wanted.get("text").asString());
            } else {
              assertThatThrownBy(() -> template.render(variables))
                  .hasMessage(wanted.get("error").asString());
            }
          });
    }
  }

  private static Clock clock(JsonNode file) {
    return Clock.fixed(
        LocalDateTime.parse(file.get("now").asString()).toInstant(ZoneOffset.UTC), ZoneOffset.UTC);
  }

  private static Map<String, Object> map(JsonNode node) {
    return JSON.convertValue(node, new TypeReference<>() {});
  }
}
