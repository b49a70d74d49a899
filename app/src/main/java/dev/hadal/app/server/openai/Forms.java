package dev.hadal.app.server.openai;

import dev.hadal.app.server.Fields;
import dev.hadal.grammar.Choices;
import dev.hadal.grammar.Gbnf;
import dev.hadal.grammar.Grammar;
import dev.hadal.grammar.JsonMode;
import dev.hadal.grammar.JsonSchema;
import dev.hadal.grammar.Regex;
import dev.hadal.grammar.UnsupportedSchemaException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The form an answer is held to: OpenAI's {@code response_format}, vLLM's {@code guided_*}. */
final class Forms {
  private Forms() {}

  /** What a chat or a completion asks for; null for nothing. */
  static @Nullable Grammar responseFormat(Fields fields) {
    Optional<Fields> format = fields.object("response_format");
    if (format.isPresent()) {
      return of(format.get(), format.get().object("json_schema"));
    }
    if (fields.has("guided_json")) {
      return schema(fields, "guided_json");
    }
    Optional<String> regex = fields.text("guided_regex");
    if (regex.isPresent()) {
      return Regex.of(regex.get());
    }
    List<String> choices = fields.texts("guided_choice");
    if (!choices.isEmpty()) {
      return Choices.of(choices);
    }
    return fields.text("guided_grammar").map(Gbnf::of).orElse(null);
  }

  /**
   * A format by its type.
   *
   * @param schemaHolder where a schema stands
   */
  static @Nullable Grammar of(Fields format, Optional<Fields> schemaHolder) {
    return switch (format.oneOf("type", "text", "json_object", "json_schema").orElse("text")) {
      case "json_object" -> JsonMode.object();
      case "json_schema" ->
          schema(
              schemaHolder.orElseThrow(
                  () -> format.wrong("json_schema", "an object with name and schema")),
              "schema");
      default -> null;
    };
  }

  private static Grammar schema(Fields holder, String name) {
    var schema = holder.node(name);
    if (schema == null || !schema.isObject()) {
      throw holder.wrong(name, "a JSON Schema");
    }
    try {
      return JsonSchema.of(schema);
    } catch (UnsupportedSchemaException e) {
      throw holder.refused(name, String.valueOf(e.getMessage()));
    }
  }
}
