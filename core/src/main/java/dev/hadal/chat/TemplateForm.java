package dev.hadal.chat;

import dev.hadal.chat.jinja.JinjaTemplate;
import dev.hadal.chat.jinja.TemplateException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a template expects where the API leaves a choice, found out by rendering a probe: content as
 * text or as parts, a tool call's arguments as an object (most) or as JSON text (DeepSeek's first
 * ones).
 */
final class TemplateForm {
  private static final String PROBE = "hadalprobe";

  private final JinjaTemplate template;
  private final Map<String, String> specialTokens;
  private @Nullable Boolean takesText;
  private @Nullable Boolean takesParts;
  private @Nullable Boolean takesArgumentText;

  TemplateForm(JinjaTemplate template, Map<String, String> specialTokens) {
    this.template = template;
    this.specialTokens = specialTokens;
  }

  /** The message's fields in the template's form; as they are where it takes them so. */
  synchronized Map<String, ? extends @Nullable Object> fit(Message message) {
    Message fitted = message;
    if (message.hasParts() && !takesParts()) {
      fitted = fitted.with("content", message.content());
    } else if (message.fields().get("content") instanceof String text
        && !takesText()
        && takesParts()) {
      fitted = fitted.with("content", parts(text));
    }
    if (message.fields().get("tool_calls") instanceof List<?> calls) {
      fitted = fitted.with("tool_calls", calls.stream().map(this::fitCall).toList());
    }
    return fitted.fields();
  }

  private Object fitCall(Object call) {
    if (!(call instanceof Map<?, ?> fields)
        || !(fields.get("function") instanceof Map<?, ?> function)) {
      return call;
    }
    Object arguments = function.get("arguments");
    @Nullable Object fitted = arguments;
    if (arguments instanceof String text) {
      Map<String, Object> object = takesArgumentText() ? null : Json.objectOrNull(text);
      fitted = object == null ? text : object;
    } else if (arguments != null && takesArgumentText()) {
      fitted = Json.write(arguments);
    }
    return replaced(fields, "function", replaced(function, "arguments", fitted));
  }

  private static Map<String, @Nullable Object> replaced(
      Map<?, ?> map, String key, @Nullable Object value) {
    Map<String, @Nullable Object> changed = new LinkedHashMap<>();
    map.forEach((name, old) -> changed.put(name.toString(), old));
    if (value != null) {
      changed.put(key, value);
    }
    return changed;
  }

  private static List<Map<String, Object>> parts(String text) {
    Map<String, Object> part = new LinkedHashMap<>();
    part.put("type", "text");
    part.put("text", text);
    return List.of(part);
  }

  private boolean takesText() {
    if (takesText == null) {
      takesText = probe(List.of(Message.user(PROBE))).contains(PROBE);
    }
    return takesText;
  }

  private boolean takesParts() {
    if (takesParts == null) {
      String prompt = probe(List.of(Message.user("").with("content", parts(PROBE))));
      takesParts = prompt.contains(PROBE) && !prompt.contains("'" + PROBE);
    }
    return takesParts;
  }

  /** Only if an object fails, or comes out as Python prints it, and text does not. */
  private boolean takesArgumentText() {
    if (takesArgumentText == null) {
      String object = probe(call(Map.of(PROBE, PROBE)));
      boolean objectWorks = object.contains(PROBE) && !object.contains("'" + PROBE);
      takesArgumentText =
          !objectWorks && probe(call("{\"" + PROBE + "\": 1}")).contains("{\"" + PROBE + "\": 1}");
    }
    return takesArgumentText;
  }

  private static List<Message> call(Object arguments) {
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("name", "f");
    function.put("arguments", arguments);
    Map<String, Object> call = new LinkedHashMap<>();
    call.put("id", "call00001");
    call.put("type", "function");
    call.put("function", function);
    return List.of(Message.user("hi"), Message.assistant("").with("tool_calls", List.of(call)));
  }

  private String probe(List<Message> messages) {
    Map<String, @Nullable Object> variables = new LinkedHashMap<>(specialTokens);
    variables.put("messages", messages.stream().map(Message::fields).toList());
    variables.put("tools", null);
    variables.put("add_generation_prompt", false);
    try {
      return template.render(variables);
    } catch (TemplateException e) {
      return "";
    }
  }
}
