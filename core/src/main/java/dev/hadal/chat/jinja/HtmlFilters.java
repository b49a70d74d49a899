package dev.hadal.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Filters for HTML: escape, safe, striptags, xmlattr. Nothing is escaped without them. */
final class HtmlFilters {
  private HtmlFilters() {}

  static void register(Map<String, Filter> filters) {
    filters.put("escape", (runtime, value, arguments) -> new Markup(Markup.escape(value)));
    filters.put("e", (runtime, value, arguments) -> new Markup(Markup.escape(value)));
    filters.put(
        "forceescape",
        (runtime, value, arguments) -> new Markup(Markup.escape(Printer.str(value))));
    filters.put("safe", (runtime, value, arguments) -> new Markup(Printer.str(value)));
    filters.put("striptags", (runtime, value, arguments) -> stripTags(Printer.str(value)));
    filters.put("xmlattr", HtmlFilters::xmlAttributes);
  }

  /** Without comments and tags, blanks made single, entities replaced. */
  static String stripTags(String text) {
    StringBuilder out = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      int end = -1;
      if (text.startsWith("<!--", at)) {
        int close = text.indexOf("-->", at);
        end = close < 0 ? -1 : close + 3;
      } else if (text.charAt(at) == '<') {
        end = text.indexOf('>', at) + 1;
      }
      if (end > 0) {
        at = end;
      } else {
        out.append(text.charAt(at++));
      }
    }
    StringBuilder words = new StringBuilder();
    for (String word : out.toString().split("[\\s\\u001c-\\u001f\\u0085\\u00a0]+", -1)) {
      words.append(words.isEmpty() || word.isEmpty() ? "" : " ").append(word);
    }
    return unescape(words.toString());
  }

  /** The entities that escaping makes, and numeric ones, back to characters. */
  static String unescape(String text) {
    StringBuilder out = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      int end = text.charAt(at) == '&' ? text.indexOf(';', at) : -1;
      String replaced = end > 0 && end - at < 12 ? entity(text.substring(at + 1, end)) : "";
      if (replaced.isEmpty()) {
        out.append(text.charAt(at++));
      } else {
        out.append(replaced);
        at = end + 1;
      }
    }
    return out.toString();
  }

  private static String entity(String name) {
    return switch (name) {
      case "amp" -> "&";
      case "lt" -> "<";
      case "gt" -> ">";
      case "quot" -> "\"";
      case "apos" -> "'";
      case "nbsp" -> "\u00a0";
      default -> {
        boolean hex = name.startsWith("#x") || name.startsWith("#X");
        Object code =
            name.startsWith("#")
                ? Numbers.parseInteger(name.substring(hex ? 2 : 1), hex ? 16 : 10)
                : null;
        yield code instanceof Long number && Character.isValidCodePoint((int) (long) number)
            ? Character.toString((int) (long) number)
            : "";
      }
    };
  }

  private static Object xmlAttributes(Runtime runtime, Object value, Arguments arguments) {
    boolean space = arguments.bind("xmlattr", "autospace").flag(0, true);
    if (!(value instanceof Map<?, ?> map)) {
      throw new TemplateException("xmlattr needs a mapping, found " + Values.typeName(value));
    }
    List<String> parts = new ArrayList<>();
    map.forEach((key, item) -> {
      if (item == None.NONE || item instanceof Undefined) {
        return;
      }
      String name = Printer.str(key);
      if (name.chars().anyMatch(c -> " \t\n\r\f\u000b/>=".indexOf(c) >= 0)) {
        throw new TemplateException("invalid character in attribute name " + Printer.repr(name));
      }
      parts.add(Markup.escape(key) + "=\"" + Markup.escape(item) + "\"");
    });
    String joined = String.join(" ", parts);
    return space && !joined.isEmpty() ? " " + joined : joined;
  }
}
