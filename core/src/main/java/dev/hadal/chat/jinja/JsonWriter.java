package dev.hadal.chat.jinja;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Python's {@code json.dumps}: the {@code tojson} filter as transformers defines it. */
final class JsonWriter {
  private final StringBuilder out = new StringBuilder();
  private final Runtime runtime;
  private final String itemSeparator;
  private final String keySeparator;
  private final String indent;
  private final boolean multiline;
  private final boolean ascii;
  private final boolean sortKeys;

  private JsonWriter(Runtime runtime, Arguments.Bound options) {
    this.runtime = runtime;
    ascii = options.flag(0, false);
    Object indentation = options.orNone(1);
    multiline = indentation != None.NONE;
    indent =
        Values.isString(indentation)
            ? Printer.str(indentation)
            : multiline ? " ".repeat(Math.clamp(options.integer(1), 0, 1_000)) : "";
    if (options.orNone(2) instanceof List<?> separators && separators.size() == 2) {
      itemSeparator = Values.text(separators.get(0), "an item separator");
      keySeparator = Values.text(separators.get(1), "a key separator");
    } else {
      itemSeparator = multiline ? "," : ", ";
      keySeparator = ": ";
    }
    sortKeys = options.flag(3, false);
  }

  static String write(Runtime runtime, Object value, Arguments arguments) {
    JsonWriter writer =
        new JsonWriter(
            runtime, arguments.bind("tojson", "ensure_ascii", "indent", "separators", "sort_keys"));
    writer.value(value, 0);
    return runtime.counted(writer.out.toString());
  }

  private void value(Object value, int depth) {
    if (depth > Values.DEEPEST) {
      throw new TemplateException("tojson of a value nested more than " + Values.DEEPEST + " deep");
    }
    runtime.step();
    runtime.checkLength(out.length());
    switch (value) {
      case None none -> out.append("null");
      case Boolean bool -> out.append(bool.booleanValue());
      case Long number -> out.append(number.longValue());
      case BigInteger number -> out.append(number);
      case Double number -> out.append(real(number));
      case String text -> quote(text);
      case Markup markup -> quote(markup.text());
      case Map<?, ?> map -> dict(map, depth);
      case Range range -> throw unserializable(range);
      case List<?> list -> list(list, depth);
      default -> throw unserializable(value);
    }
  }

  private static TemplateException unserializable(Object value) {
    return new TemplateException(
        "Object of type " + Values.typeName(value) + " is not JSON serializable");
  }

  private static String real(double number) {
    if (Double.isNaN(number)) {
      return "NaN";
    }
    return Double.isInfinite(number)
        ? (number > 0 ? "Infinity" : "-Infinity")
        : Numbers.repr(number);
  }

  private void list(List<?> list, int depth) {
    if (list.isEmpty()) {
      out.append("[]");
      return;
    }
    out.append('[');
    Iterator<?> items = list.iterator();
    for (boolean first = true; items.hasNext(); first = false) {
      separate(first, depth + 1);
      value(items.next(), depth + 1);
    }
    newline(depth);
    out.append(']');
  }

  private void dict(Map<?, ?> dict, int depth) {
    if (dict.isEmpty()) {
      out.append("{}");
      return;
    }
    out.append('{');
    List<? extends Map.Entry<?, ?>> entries = List.copyOf(dict.entrySet());
    if (sortKeys) {
      Comparator<Map.Entry<?, ?>> byKey = (a, b) -> Comparison.order(a.getKey(), b.getKey(), "<");
      entries = entries.stream().sorted(byKey).toList();
    }
    boolean first = true;
    for (Map.Entry<?, ?> entry : entries) {
      separate(first, depth + 1);
      first = false;
      quote(key(entry.getKey()));
      out.append(keySeparator);
      value(entry.getValue(), depth + 1);
    }
    newline(depth);
    out.append('}');
  }

  private static String key(Object key) {
    return switch (key) {
      case None none -> "null";
      case Boolean bool -> bool.toString();
      case Double number -> real(number);
      case Tuple tuple ->
          throw new TemplateException("tojson: keys must be str, int, float, bool or None");
      default -> Printer.str(key);
    };
  }

  private void separate(boolean first, int depth) {
    if (!first) {
      out.append(itemSeparator);
    }
    newline(depth);
  }

  private void newline(int depth) {
    if (multiline) {
      runtime.checkLength(out.length() + (long) indent.length() * depth);
      out.append('\n').repeat(indent, depth);
    }
  }

  private void quote(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> {
          if (c < 0x20 || (ascii && c > 0x7e)) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
