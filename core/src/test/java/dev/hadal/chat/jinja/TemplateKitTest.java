package dev.hadal.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadal.testing.Conformance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("conformance")
class TemplateKitTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TestFactory
  Stream<DynamicTest> everyPublishedTemplateRendersEveryCaseAsThePythonReference()
      throws IOException {
    JsonNode cases = JSON.readTree(Conformance.file("templates/cases.json"));
    Clock clock =
        Clock.fixed(
            LocalDateTime.parse(cases.get("now").asString()).toInstant(ZoneOffset.UTC),
            ZoneOffset.UTC);
    try (Stream<Path> files = Files.list(Conformance.file("templates"))) {
      List<Path> templates =
          files.filter(file -> file.toString().endsWith(".jinja")).sorted().toList();
      assertThat(templates).isNotEmpty();
      return templates.stream()
          .flatMap(template ->
              cases
                  .get("cases")
                  .propertyStream()
                  .map(entry ->
                      DynamicTest.dynamicTest(
                          template.getFileName() + " " + entry.getKey(),
                          () -> check(template, entry, cases.get("special"), clock))));
    }
  }

  private static void check(
      Path file, Map.Entry<String, JsonNode> request, JsonNode special, Clock clock)
      throws IOException {
    Path expectedFile =
        file.resolveSibling(file.getFileName().toString().replace(".jinja", ".expected.json"));
    JsonNode expected = JSON.readTree(expectedFile).get(request.getKey());
    Map<String, Object> variables = new HashMap<>(map(special));
    variables.putAll(map(request.getValue()));
    JinjaTemplate template = JinjaTemplate.of(Files.readString(file)).withClock(clock);
    if (expected.has("text")) {
      assertThat(template.render(variables)).isEqualTo(expected.get("text").asString());
    } else {
      assertThatThrownBy(() -> template.render(variables))
          .isInstanceOfSatisfying(
              TemplateException.class,
              e -> assertThat(e.reason()).isEqualTo(expected.get("error").asString()));
    }
  }

  private static Map<String, Object> map(JsonNode node) {
    return JSON.convertValue(node, new TypeReference<>() {});
  }
}
