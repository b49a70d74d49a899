package dev.hadal.chat.jinja;

import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Filters on any value: default, attr, string, length, tojson. */
final class ValueFilters {
  private ValueFilters() {}

  static void register(Map<String, Filter> filters) {
    filters.put("default", ValueFilters::orDefault);
    filters.put("d", ValueFilters::orDefault);
    filters.put(
        "attr",
        (runtime, value, arguments) ->
            Access.onlyAttribute(runtime, value, arguments.bind("attr", "name").text(0)));
    filters.put(
        "string",
        (runtime, value, arguments) -> value instanceof Markup ? value : Printer.str(value));
    filters.put("length", (runtime, value, arguments) -> length(value));
    filters.put("count", (runtime, value, arguments) -> length(value));
    filters.put("tojson", JsonWriter::write);
    filters.put("from_json", (runtime, value, arguments) -> fromJson(value));
    filters.put("pprint", (runtime, value, arguments) -> runtime.counted(Printer.repr(value)));
  }

  private static Object orDefault(Runtime runtime, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("default", "default_value", "boolean");
    boolean missing = value instanceof Undefined || (bound.flag(1, false) && !Values.truthy(value));
    return missing ? bound.or(0, "") : value;
  }

  private static Object length(Object value) {
    int length = Values.length(value);
    if (length < 0) {
      throw new TemplateException("object of type '" + Values.typeName(value) + "' has no len()");
    }
    return (long) length;
  }

  /** Not one of Jinja's: some published templates use it for arguments given as JSON text. */
  private static Object fromJson(Object value) {
    String text = Values.text(value, "from_json's value");
    try {
      return Values.of(new JsonMapper().readValue(text, Object.class));
    } catch (JacksonException e) {
      throw new TemplateException("from_json: the text is not JSON: " + e.getOriginalMessage());
    }
  }
}
