package dev.hadal.chat.jinja;

/**
 * Python's {@code "...{}...".format(values)}, sandboxed: fields reach only what templates reach.
 */
final class BraceFormat {
  private final Runtime runtime;
  private final Arguments arguments;
  private int automatic;

  private BraceFormat(Runtime runtime, Arguments arguments) {
    this.runtime = runtime;
    this.arguments = arguments;
  }

  static Object format(Runtime runtime, String format, Arguments arguments) {
    return new BraceFormat(runtime, arguments).expand(format, 0);
  }

  private String expand(String format, int depth) {
    if (depth > 2) {
      throw new TemplateException("a format nested too deep");
    }
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < format.length()) {
      char c = format.charAt(at++);
      boolean doubled = at < format.length() && format.charAt(at) == c;
      if (c == '{' && !doubled) {
        int end = closing(format, at);
        out.append(field(format.substring(at, end), depth));
        at = end + 1;
      } else if (c == '}' && !doubled) {
        throw new TemplateException("single '}' in a format string");
      } else {
        out.append(c);
        at += (c == '{' || c == '}') ? 1 : 0;
      }
      runtime.checkLength(out.length());
    }
    return out.toString();
  }

  private static int closing(String format, int from) {
    int open = 1;
    boolean index = false;
    for (int i = from; i < format.length(); i++) {
      char c = format.charAt(i);
      index = c == '[' || (index && c != ']');
      if (c == '{' && !index) {
        open++;
      } else if (c == '}' && !index && --open == 0) {
        return i;
      }
    }
    throw new TemplateException("single '{' in a format string");
  }

  private String field(String field, int depth) {
    int colon = outsideBrackets(field, ':');
    String head = colon < 0 ? field : field.substring(0, colon);
    int bang = outsideBrackets(head, '!');
    String conversion = bang < 0 ? "" : head.substring(bang + 1);
    Object value = value(bang < 0 ? head : head.substring(0, bang));
    String spec = colon < 0 ? "" : expand(field.substring(colon + 1), depth + 1);
    Object converted =
        switch (conversion) {
          case "" -> value;
          case "s" -> Printer.str(value);
          case "r", "a" -> Printer.repr(value);
          default -> throw new TemplateException("unknown conversion '!" + conversion + "'");
        };
    return FormatSpec.parse(spec).apply(runtime, converted);
  }

  private static int outsideBrackets(String field, char wanted) {
    boolean index = false;
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      index = c == '[' || (index && c != ']');
      if (c == wanted && !index) {
        return i;
      }
    }
    return -1;
  }

  private Object value(String name) {
    int at = 0;
    while (at < name.length() && name.charAt(at) != '.' && name.charAt(at) != '[') {
      at++;
    }
    Object value = first(name.substring(0, at));
    while (at < name.length()) {
      boolean attribute = name.charAt(at) == '.';
      int end = at + 1;
      while (end < name.length()
          && (attribute ? ".[".indexOf(name.charAt(end)) < 0 : name.charAt(end) != ']')) {
        end++;
      }
      String key = name.substring(at + 1, end);
      value =
          attribute
              ? Access.attribute(runtime, value, key)
              : Access.item(runtime, value, isDigits(key) ? (Object) Long.valueOf(key) : key);
      at = attribute ? end : end + 1;
    }
    return value;
  }

  private static boolean isDigits(String text) {
    return !text.isEmpty() && text.length() < 10 && text.chars().allMatch(Character::isDigit);
  }

  private Object first(String name) {
    if (!name.isEmpty() && !isDigits(name)) {
      Object value = arguments.named().get(name);
      if (value == null) {
        throw new TemplateException("format() has no argument '" + name + "'");
      }
      return value;
    }
    int index = name.isEmpty() ? automatic++ : Integer.parseInt(name);
    if (index >= arguments.positional().size()) {
      throw new TemplateException(
          "replacement index %d out of range for %d positional arguments"
              .formatted(index, arguments.positional().size()));
    }
    return arguments.positional().get(index);
  }
}
