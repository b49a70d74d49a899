package dev.hadal.app.server.ollama;

import dev.hadal.app.server.Fields;
import dev.hadal.grammar.Grammar;
import dev.hadal.grammar.JsonMode;
import dev.hadal.grammar.JsonSchema;
import dev.hadal.grammar.UnsupportedSchemaException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The form an answer is held to: {@code "json"}, or a JSON Schema. */
final class Format {
  private Format() {}

  /** What a request asks for; null for nothing. */
  static @Nullable Grammar read(Fields fields) {
    JsonNode format = fields.node("format");
    if (format == null || (format.isString() && format.stringValue().isEmpty())) {
      return null;
    }
    if (format.isString() && format.stringValue().equals("json")) {
      return JsonMode.object();
    }
    if (!format.isObject()) {
      throw fields.wrong("format", "\"json\" or a JSON Schema");
    }
    try {
      return JsonSchema.of(format);
    } catch (UnsupportedSchemaException e) {
      throw fields.refused("format", String.valueOf(e.getMessage()));
    }
  }
}
