package dev.hadal.chat.jinja;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Filters on text. A safe string stays safe through those that keep its characters. */
final class TextFilters {
  private TextFilters() {}

  static void register(Map<String, Filter> filters) {
    method(filters, "upper");
    method(filters, "lower");
    method(filters, "capitalize");
    filters.put(
        "trim",
        (runtime, value, arguments) -> {
          Arguments.Bound bound = arguments.bind("trim", "chars");
          return onText(runtime, value, "strip", Arguments.of(bound.orNone(0)));
        });
    filters.put(
        "center",
        (runtime, value, arguments) -> {
          long width = arguments.bind("center", "width").integer(0, 80);
          return onText(runtime, value, "center", Arguments.of(width));
        });
    filters.put("title", (runtime, value, arguments) -> title(Printer.str(value)));
    filters.put("replace", TextFilters::replace);
    filters.put("format", TextFilters::format);
    filters.put("indent", TextFilters::indent);
    filters.put("truncate", TextFilters::truncate);
    filters.put("wordcount", (runtime, value, arguments) -> wordCount(Printer.str(value)));
    filters.put("wordwrap", WordWrap::apply);
    filters.put("urlencode", TextFilters::urlEncode);
  }

  private static void method(Map<String, Filter> filters, String name) {
    filters.put(name, (runtime, value, arguments) -> onText(runtime, value, name, arguments));
  }

  /** Calls the str method of that name on the value as text. */
  private static Object onText(Runtime runtime, Object value, String name, Arguments arguments) {
    Object text = value instanceof Markup ? value : Printer.str(value);
    Object method = Access.attribute(runtime, text, name);
    return runtime.call(method, arguments);
  }

  private static String title(String text) {
    StringBuilder out = new StringBuilder(text.length());
    boolean start = true;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      String one = Character.toString(c);
      out.append(start ? PyString.upper(one) : PyString.lower(one));
      start = "-({[<".indexOf(c) >= 0 || PyString.isSpace(c);
    }
    return out.toString();
  }

  private static Object replace(Runtime runtime, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("replace", "old", "new", "count");
    int count = bound.orNone(2) == None.NONE ? -1 : bound.integer(2);
    return runtime.counted(
        StringMethods.replace(
            runtime,
            Printer.str(value),
            Printer.str(bound.required(0)),
            Printer.str(bound.required(1)),
            count));
  }

  private static Object format(Runtime runtime, Object value, Arguments arguments) {
    if (!arguments.named().isEmpty() && !arguments.positional().isEmpty()) {
      throw new TemplateException("format takes positional or keyword arguments, not both");
    }
    Object values =
        arguments.named().isEmpty() ? Tuple.of(arguments.positional()) : arguments.named();
    return PercentFormat.format(runtime, Printer.str(value), values);
  }

  private static Object indent(Runtime runtime, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("indent", "width", "first", "blank");
    Object width = bound.or(0, 4L);
    String text = Values.text(value, "indent's value");
    runtime.checkLength(Values.isString(width) ? 0 : Numbers.index(width, "indent's width"));
    String indention =
        Values.isString(width)
            ? Printer.str(width)
            : " ".repeat(Math.max(0, Numbers.index(width, "indent's width")));
    boolean blank = bound.flag(2, false);
    StringBuilder out = new StringBuilder(bound.flag(1, false) ? indention : "");
    Iterator<Object> lines = Splits.lines(text + "\n", false).iterator();
    out.append(lines.next());
    while (lines.hasNext()) {
      String line = (String) lines.next();
      out.append('\n').append(blank || !line.isEmpty() ? indention : "").append(line);
      runtime.checkLength(out.length());
    }
    String indented = runtime.counted(out.toString());
    return value instanceof Markup ? new Markup(indented) : indented;
  }

  private static Object truncate(Runtime runtime, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("truncate", "length", "killwords", "end", "leeway");
    int length = bound.integer(0, 255);
    String end = bound.text(2, "...");
    int leeway = bound.orNone(3) == None.NONE ? 5 : bound.integer(3);
    int keep = length - PyString.length(end);
    if (keep < 0 || leeway < 0) {
      throw new TemplateException(
          "truncate: expected length >= %d and leeway >= 0, got %d and %d"
              .formatted(PyString.length(end), length, leeway));
    }
    int size = Values.length(value);
    if (size >= 0 && size <= (long) length + leeway) {
      return value;
    }
    String text = Values.text(value, "truncate's value");
    String cut = PyString.substring(text, 0, keep);
    int space = cut.lastIndexOf(' ');
    return (bound.flag(1, false) || space < 0 ? cut : cut.substring(0, space)) + end;
  }

  private static long wordCount(String text) {
    long words = 0;
    boolean inWord = false;
    for (int c : text.codePoints().toArray()) {
      boolean wordPart = c == '_' || Character.isLetterOrDigit(c);
      words += wordPart && !inWord ? 1 : 0;
      inWord = wordPart;
    }
    return words;
  }

  private static Object urlEncode(Runtime runtime, Object value, Arguments arguments) {
    arguments.bind("urlencode");
    if (Values.isString(value) || Values.iteratorOrNull(value) == null) {
      return quote(Printer.str(value), false);
    }
    Object pairs = value instanceof Map<?, ?> map ? new DictView(DictView.Kind.ITEMS, map) : value;
    List<String> parts = new ArrayList<>();
    for (Object pair : Values.list(runtime, pairs)) {
      List<Object> entry = Values.list(runtime, pair);
      if (entry.size() != 2) {
        throw new TemplateException("urlencode needs pairs, found " + entry.size() + " values");
      }
      parts.add(
          quote(Printer.str(entry.getFirst()), true)
              + "="
              + quote(Printer.str(entry.getLast()), true));
    }
    return String.join("&", parts);
  }

  private static String quote(String text, boolean query) {
    StringBuilder out = new StringBuilder(text.length());
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if (c == ' ' && query) {
        out.append('+');
      } else if (c < 0x80
          && (Character.isLetterOrDigit(c) || "_.-~".indexOf(c) >= 0 || (c == '/' && !query))) {
        out.append(c);
      } else {
        out.append("%%%02X".formatted((int) c));
      }
    }
    return out.toString();
  }
}
