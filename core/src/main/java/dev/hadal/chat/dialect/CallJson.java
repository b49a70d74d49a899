package dev.hadal.chat.dialect;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON as models write it into calls: line breaks inside strings are forgiven. */
final class CallJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private CallJson() {}

  /** A call's name and arguments. */
  record NamedArguments(String name, String argumentsJson) {}

  static Optional<JsonNode> read(String text) {
    try {
      JsonNode node = MAPPER.readTree(text);
      return node == null || node.isMissingNode() ? Optional.empty() : Optional.of(node);
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  /** The text as JSON in its one form, if it is an object. */
  static Optional<String> object(String text) {
    return read(text).filter(JsonNode::isObject).map(JsonNode::toString);
  }

  /** Reads {@code {"name": ..., "arguments": {...}}}; {@code parameters} is taken for arguments. */
  static Optional<NamedArguments> call(String text) {
    return read(text).filter(JsonNode::isObject).flatMap(CallJson::call);
  }

  private static Optional<NamedArguments> call(JsonNode node) {
    JsonNode function = node.path("function").isObject() ? node.path("function") : node;
    JsonNode name = function.path("name");
    JsonNode arguments =
        function.has("arguments") ? function.path("arguments") : function.path("parameters");
    if (!name.isString() || name.asString().isEmpty()) {
      return Optional.empty();
    }
    if (arguments.isString()) {
      return object(arguments.asString()).map(json -> new NamedArguments(name.asString(), json));
    }
    if (arguments.isMissingNode() || arguments.isNull()) {
      return Optional.of(new NamedArguments(name.asString(), "{}"));
    }
    return arguments.isObject()
        ? Optional.of(new NamedArguments(name.asString(), arguments.toString()))
        : Optional.empty();
  }

  /** Where the object that begins the text ends, or -1 while it is open. */
  static int end(CharSequence text, int from) {
    int depth = 0;
    boolean quoted = false;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted) {
        if (c == '\\') {
          i++;
        } else if (c == '"') {
          quoted = false;
        }
      } else if (c == '"') {
        quoted = true;
      } else if (c == '{' || c == '[') {
        depth++;
      } else if ((c == '}' || c == ']') && --depth == 0) {
        return i + 1;
      }
    }
    return -1;
  }
}
