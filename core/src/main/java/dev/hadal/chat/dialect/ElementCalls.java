package dev.hadal.chat.dialect;

import dev.hadal.chat.Tool;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Calls written as elements, an element a parameter. Whether a value is text or JSON only the
 * tool's schema can tell; without one it is JSON where it reads as JSON and is no string.
 */
final class ElementCalls {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern GLM_ARGUMENT =
      Pattern.compile(
          "\\s*<arg_key>([^<]*)</arg_key>\\s*<arg_value>((?:[^<]++|<(?!/arg_value>))*+)</arg_value>");
  private static final Pattern CODER_PARAMETER = Pattern.compile("\\s*<parameter=([^>]+)>");

  private ElementCalls() {}

  /** {@code <function=name><parameter=key>value</parameter>...</function>}. */
  static Optional<CallJson.NamedArguments> qwenCoder(String body, List<Tool> tools) {
    int nameEnd = body.indexOf('>');
    int functionEnd = body.lastIndexOf("</function>");
    if (nameEnd < 0) {
      return Optional.empty();
    }
    String name = body.substring("<function=".length(), nameEnd).strip();
    String inside =
        body.substring(nameEnd + 1, functionEnd > nameEnd ? functionEnd : body.length());
    ObjectNode arguments = JSON.createObjectNode();
    Matcher parameter = CODER_PARAMETER.matcher(inside);
    int at = 0;
    while (at < inside.length() && parameter.region(at, inside.length()).lookingAt()) {
      int end = valueEnd(inside, parameter.end());
      String value = withoutFrame(inside.substring(parameter.end(), end));
      String key = parameter.group(1).strip();
      arguments.set(key, value(value, key, name, tools));
      at = inside.startsWith("</parameter>", end) ? end + "</parameter>".length() : end;
    }
    boolean whole = inside.substring(at).isBlank() && !name.isEmpty();
    return whole
        ? Optional.of(new CallJson.NamedArguments(name, arguments.toString()))
        : Optional.empty();
  }

  /** A value ends at its closing tag; where a model forgot that, at the next parameter. */
  private static int valueEnd(String text, int from) {
    int close = text.indexOf("</parameter>", from);
    int next = text.indexOf("\n<parameter=", from);
    if (close < 0) {
      return next < 0 ? text.length() : next;
    }
    return close;
  }

  /** The template puts a line break before and after each value. */
  private static String withoutFrame(String value) {
    String text = value.startsWith("\n") ? value.substring(1) : value;
    return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }

  /** {@code name}, then {@code <arg_key>key</arg_key><arg_value>value</arg_value>} pairs. */
  static Optional<CallJson.NamedArguments> glm(String body, List<Tool> tools) {
    int nameEnd = body.indexOf("<arg_key>");
    String name = (nameEnd < 0 ? body : body.substring(0, nameEnd)).strip();
    if (!name.matches("[A-Za-z0-9_.:-]{1,256}") || (nameEnd < 0 && !isTool(name, tools))) {
      return Optional.empty();
    }
    ObjectNode arguments = JSON.createObjectNode();
    int at = nameEnd < 0 ? body.length() : nameEnd;
    Matcher argument = GLM_ARGUMENT.matcher(body);
    while (at < body.length() && argument.region(at, body.length()).lookingAt()) {
      String key = argument.group(1).strip();
      arguments.set(key, value(argument.group(2), key, name, tools));
      at = argument.end();
    }
    return body.substring(at).isBlank()
        ? Optional.of(new CallJson.NamedArguments(name, arguments.toString()))
        : Optional.empty();
  }

  private static boolean isTool(String name, List<Tool> tools) {
    return tools.stream().anyMatch(tool -> tool.name().equals(name));
  }

  private static JsonNode value(String text, String key, String function, List<Tool> tools) {
    String type = "";
    for (Tool tool : tools) {
      if (tool.name().equals(function)
          && tool.parameters().get("properties") instanceof Map<?, ?> properties
          && properties.get(key) instanceof Map<?, ?> schema
          && schema.get("type") instanceof String named) {
        type = named;
      }
    }
    if (type.equals("string")) {
      return JSON.valueToTree(text);
    }
    return CallJson.read(text.strip())
        .filter(node -> !node.isString())
        .orElseGet(() -> JSON.valueToTree(text));
  }
}
