package dev.hadal.chat.jinja;

import java.util.List;
import java.util.Map;

/** Python's {@code "..." % values}. */
final class PercentFormat {
  private final Runtime runtime;
  private final String format;
  private final Object values;
  private final List<?> sequence;
  private final StringBuilder out = new StringBuilder();
  private int used;
  private int at;

  private PercentFormat(Runtime runtime, String format, Object values) {
    this.runtime = runtime;
    this.format = format;
    this.values = values;
    sequence = values instanceof Tuple tuple ? tuple : List.of(values);
  }

  static String format(Runtime runtime, String format, Object values) {
    return new PercentFormat(runtime, format, values).run();
  }

  private String run() {
    while (at < format.length()) {
      char c = format.charAt(at++);
      if (c == '%') {
        directive();
      } else {
        out.append(c);
      }
      runtime.checkLength(out.length());
    }
    if (used < sequence.size() && !(values instanceof Map) && !isItemSource(values)) {
      throw new TemplateException("not all arguments converted during string formatting");
    }
    return runtime.counted(out.toString());
  }

  /** Python lets a list stand unused to the right of %, as it could be looked up by key. */
  private static boolean isItemSource(Object values) {
    return values instanceof Undefined || (values instanceof List<?> && !(values instanceof Tuple));
  }

  private char peek() {
    if (at >= format.length()) {
      throw new TemplateException("incomplete format");
    }
    return format.charAt(at);
  }

  private Object nextValue() {
    if (used >= sequence.size()) {
      throw new TemplateException("not enough arguments for format string");
    }
    return sequence.get(used++);
  }

  private void directive() {
    boolean keyed = peek() == '(';
    Object value = None.NONE;
    if (keyed) {
      value = keyed();
    }
    FormatSpec spec = new FormatSpec();
    spec.align = '>';
    flags(spec);
    spec.width = number();
    if (spec.width < 0) {
      spec.align = '<';
      spec.width = -spec.width;
    }
    if (peek() == '.') {
      at++;
      spec.precision = number();
    }
    while ("hlL".indexOf(peek()) >= 0) {
      at++;
    }
    char type = peek();
    at++;
    if (type == '%') {
      out.append('%');
      return;
    }
    value = keyed ? value : nextValue();
    out.append(convert(type, value, spec));
  }

  private Object keyed() {
    int end = format.indexOf(')', at);
    if (end < 0) {
      throw new TemplateException("incomplete format key");
    }
    String key = format.substring(at + 1, end);
    at = end + 1;
    if (!(values instanceof Map<?, ?> map)) {
      throw new TemplateException("format requires a mapping");
    }
    Object found = map.get(key);
    if (found == null) {
      throw new TemplateException("the mapping to format has no key '" + key + "'");
    }
    return found;
  }

  private void flags(FormatSpec spec) {
    for (; "#0- +".indexOf(peek()) >= 0; at++) {
      switch (format.charAt(at)) {
        case '#' -> spec.alternate = true;
        case '0' -> spec.zeroPadded = true;
        case '-' -> spec.align = '<';
        case ' ' -> spec.sign = spec.sign == '+' ? '+' : ' ';
        default -> spec.sign = '+';
      }
    }
    if (spec.align == '<') {
      spec.zeroPadded = false;
    }
  }

  private int number() {
    if (peek() == '*') {
      at++;
      return Numbers.index(nextValue(), "a format's width");
    }
    int start = at;
    while (Character.isDigit(peek())) {
      at++;
    }
    return FormatSpec.number(format.substring(start, at), 0);
  }

  private String convert(char type, Object value, FormatSpec spec) {
    switch (type) {
      case 's', 'r', 'a' -> {
        spec.zeroPadded = false;
        String text = type == 's' ? Printer.str(value) : Printer.repr(value);
        return spec.text(runtime, text);
      }
      case 'c' -> {
        spec.precision = -1;
        return spec.text(
            runtime,
            Numbers.isInteger(value)
                ? Character.toString(Numbers.index(value, "%c"))
                : Values.text(value, "%c"));
      }
      case 'd', 'i', 'u', 'x', 'X', 'o' -> {
        spec.type = type == 'i' || type == 'u' ? 'd' : type;
        Object number =
            value instanceof Double real && spec.type == 'd' ? Numbers.truncate(real) : value;
        if (!Numbers.isInteger(number)) {
          throw new TemplateException(
              "%%%s format: a real number is required, not %s"
                  .formatted(type, Values.typeName(value)));
        }
        return spec.integer(runtime, Numbers.big(number));
      }
      case 'e', 'E', 'f', 'F', 'g', 'G' -> {
        if (!Numbers.isNumber(value)) {
          throw new TemplateException("must be real number, not " + Values.typeName(value));
        }
        spec.type = type;
        return spec.real(runtime, Numbers.real(value));
      }
      default -> throw new TemplateException("unsupported format character '" + type + "'");
    }
  }
}
