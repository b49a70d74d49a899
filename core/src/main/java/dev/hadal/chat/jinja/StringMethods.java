package dev.hadal.chat.jinja;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Python's str methods. Positions count code points. */
final class StringMethods {
  /** A method before it is bound to its string. */
  private interface Method {
    Object call(Runtime runtime, String self, Arguments arguments);
  }

  private static final Map<String, Method> ALL = all();

  private StringMethods() {}

  static @Nullable Routine of(String self, String name) {
    Method method = ALL.get(name);
    return method == null
        ? null
        : (runtime, arguments) -> {
          runtime.step(self.length() >> 4);
          Object result = method.call(runtime, self, arguments);
          return result instanceof String text ? runtime.counted(text) : result;
        };
  }

  private static Map<String, Method> all() {
    Map<String, Method> methods = new HashMap<>();
    change(methods, "upper", PyString::upper);
    change(methods, "lower", PyString::lower);
    change(methods, "casefold", text -> PyString.lower(PyString.upper(text)));
    change(methods, "capitalize", PyString::capitalize);
    change(methods, "title", StringMethods::title);
    change(methods, "swapcase", StringMethods::swapCase);
    ask(methods, "isdigit", text -> every(text, StringMethods::isDigit));
    ask(methods, "isdecimal", text -> every(text, Character::isDigit));
    ask(methods, "isnumeric", text -> every(text, StringMethods::isNumeric));
    ask(methods, "isalpha", text -> every(text, Character::isLetter));
    ask(methods, "isalnum", text -> every(text, c -> Character.isLetter(c) || isNumeric(c)));
    ask(methods, "isspace", text -> every(text, PyString::isSpace));
    ask(methods, "isprintable", text -> text.isEmpty() || every(text, Printer::isPrintable));
    ask(methods, "isascii", text -> text.isEmpty() || every(text, c -> c < 0x80));
    ask(methods, "isupper", text -> isCased(text, Character::isUpperCase));
    ask(methods, "islower", text -> isCased(text, Character::isLowerCase));
    ask(methods, "istitle", text -> isCased(text, c -> true) && title(text).equals(text));
    ask(methods, "isidentifier", StringMethods::isIdentifier);
    for (String name : List.of("strip", "lstrip", "rstrip")) {
      methods.put(name, (runtime, self, arguments) -> strip(name, self, arguments));
    }
    methods.put("split", (runtime, self, arguments) -> Splits.split(runtime, self, arguments));
    methods.put("rsplit", (runtime, self, arguments) -> Splits.rsplit(runtime, self, arguments));
    methods.put("splitlines", (runtime, self, arguments) -> Splits.lines(runtime, self, arguments));
    methods.put("partition", (runtime, self, arguments) -> Splits.partition(self, arguments));
    methods.put("rpartition", (runtime, self, arguments) -> Splits.rpartition(self, arguments));
    methods.put("startswith", (runtime, self, arguments) -> hasAffix(self, arguments, true));
    methods.put("endswith", (runtime, self, arguments) -> hasAffix(self, arguments, false));
    methods.put(
        "removeprefix",
        (runtime, self, arguments) -> {
          String prefix = arguments.bind("removeprefix", "prefix").text(0);
          return self.startsWith(prefix) ? self.substring(prefix.length()) : self;
        });
    methods.put(
        "removesuffix",
        (runtime, self, arguments) -> {
          String suffix = arguments.bind("removesuffix", "suffix").text(0);
          return self.endsWith(suffix) ? self.substring(0, self.length() - suffix.length()) : self;
        });
    methods.put(
        "replace",
        (runtime, self, arguments) -> {
          Arguments.Bound bound = arguments.bind("replace", "old", "new", "count");
          return replace(runtime, self, bound.text(0), bound.text(1), bound.integer(2, -1));
        });
    methods.put("join", StringMethods::join);
    for (String name : List.of("find", "rfind", "index", "rindex")) {
      methods.put(name, (runtime, self, arguments) -> find(name, self, arguments));
    }
    methods.put("count", (runtime, self, arguments) -> count(self, arguments));
    for (String name : List.of("center", "ljust", "rjust")) {
      methods.put(
          name,
          (runtime, self, arguments) -> {
            Arguments.Bound bound = arguments.bind(name, "width", "fillchar");
            return justify(runtime, name, self, bound.integer(0), bound.text(1, " "));
          });
    }
    methods.put("zfill", StringMethods::zfill);
    methods.put("expandtabs", StringMethods::expandTabs);
    methods.put("format", BraceFormat::format);
    methods.put(
        "format_map",
        (runtime, self, arguments) -> {
          Object map = arguments.bind("format_map", "mapping").required(0);
          Map<String, Object> named = new HashMap<>();
          if (map instanceof Map<?, ?> dict) {
            dict.forEach((key, value) -> named.put(Printer.str(key), value));
          }
          return BraceFormat.format(runtime, self, new Arguments(List.of(), named));
        });
    return Map.copyOf(methods);
  }

  private static void change(
      Map<String, Method> methods, String name, UnaryOperator<String> change) {
    methods.put(
        name,
        (runtime, self, arguments) -> {
          arguments.bind(name);
          return change.apply(self);
        });
  }

  private static void ask(Map<String, Method> methods, String name, Predicate<String> question) {
    methods.put(
        name,
        (runtime, self, arguments) -> {
          arguments.bind(name);
          return question.test(self);
        });
  }

  private static boolean every(String text, IntPredicate predicate) {
    return !text.isEmpty() && text.codePoints().allMatch(predicate);
  }

  private static boolean isDigit(int c) {
    return Character.isDigit(c) || "²³¹⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉".indexOf(c) >= 0;
  }

  private static boolean isNumeric(int c) {
    int type = Character.getType(c);
    return Character.isDigit(c)
        || type == Character.LETTER_NUMBER
        || type == Character.OTHER_NUMBER
        || "〇一二三四五六七八九十百千万亿".indexOf(c) >= 0;
  }

  private static boolean isCase(int c) {
    return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
  }

  private static boolean isCased(String text, IntPredicate wanted) {
    return text.codePoints().anyMatch(StringMethods::isCase)
        && text.codePoints().filter(StringMethods::isCase).allMatch(wanted);
  }

  private static boolean isIdentifier(String text) {
    return every(text, PyString::isIdentifier) && !Character.isDigit(text.codePointAt(0));
  }

  private static String title(String text) {
    StringBuilder out = new StringBuilder(text.length());
    boolean inWord = false;
    for (int c : text.codePoints().toArray()) {
      out.append(inWord ? PyString.lower(Character.toString(c)) : PyString.titleCase(c));
      inWord = isCase(c);
    }
    return out.toString();
  }

  private static String swapCase(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int c : text.codePoints().toArray()) {
      String one = Character.toString(c);
      out.append(Character.isUpperCase(c) ? PyString.lower(one) : PyString.upper(one));
    }
    return out.toString();
  }

  private static String strip(String name, String self, Arguments arguments) {
    Arguments.Bound bound = arguments.bind(name, "chars");
    boolean left = !name.equals("rstrip");
    boolean right = !name.equals("lstrip");
    return bound.orNone(0) == None.NONE
        ? PyString.strip(self, left, right)
        : PyString.strip(self, bound.text(0), left, right);
  }

  /** The part of the string between two code point positions given as in a slice. */
  private static String window(String self, Arguments.Bound bound, int from) {
    if (!bound.has(from)) {
      return self;
    }
    int size = PyString.length(self);
    int start = position(bound.orNone(from), 0, size);
    return PyString.substring(self, start, position(bound.orNone(from + 1), size, size));
  }

  private static int position(Object given, int otherwise, int size) {
    if (given == None.NONE) {
      return otherwise;
    }
    int index = Numbers.index(given, "a position in a string");
    return Math.clamp(index < 0 ? (long) index + size : index, 0, size);
  }

  private static boolean hasAffix(String self, Arguments arguments, boolean prefix) {
    Arguments.Bound bound =
        arguments.bind(prefix ? "startswith" : "endswith", "prefix", "start", "end");
    String part = window(self, bound, 1);
    List<?> candidates = bound.required(0) instanceof Tuple tuple ? tuple : List.of(bound.text(0));
    for (Object candidate : candidates) {
      String affix = Values.text(candidate, "a prefix or suffix");
      if (prefix ? part.startsWith(affix) : part.endsWith(affix)) {
        return true;
      }
    }
    return false;
  }

  /** At most {@code count} replacements from the left; all for a negative count. */
  static String replace(Runtime runtime, String self, String old, String with, int count) {
    StringBuilder out = new StringBuilder();
    int from = 0;
    int made = 0;
    while (made != count) {
      int at = self.indexOf(old, from);
      boolean pastEnd = old.isEmpty() && made > 0 && from >= self.length();
      if (at < 0 || pastEnd) {
        break;
      }
      if (old.isEmpty() && made > 0) {
        at = from + Character.charCount(self.codePointAt(from));
      }
      out.append(self, from, at).append(with);
      runtime.checkLength(out.length());
      runtime.step();
      from = at + old.length();
      made++;
    }
    return out.append(self, from, self.length()).toString();
  }

  private static Object join(Runtime runtime, String self, Arguments arguments) {
    StringBuilder out = new StringBuilder();
    int index = 0;
    for (Object item : Values.list(runtime, arguments.bind("join", "iterable").required(0))) {
      if (index++ > 0) {
        out.append(self);
      }
      out.append(Values.text(item, "join's item " + (index - 1)));
      runtime.checkLength(out.length());
    }
    return out.toString();
  }

  private static Object find(String name, String self, Arguments arguments) {
    Arguments.Bound bound = arguments.bind(name, "sub", "start", "end");
    String wanted = bound.text(0);
    int size = PyString.length(self);
    int start = position(bound.orNone(1), 0, size);
    String part = window(self, bound, 1);
    boolean beyond = bound.has(1) && Numbers.index(bound.or(1, 0L), "find's start") > size;
    int at = beyond ? -1 : name.startsWith("r") ? part.lastIndexOf(wanted) : part.indexOf(wanted);
    if (at < 0 && name.endsWith("index")) {
      throw new TemplateException("substring " + Printer.repr(wanted) + " not found");
    }
    return at < 0 ? -1L : (long) start + part.codePointCount(0, at);
  }

  private static Object count(String self, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("count", "sub", "start", "end");
    String wanted = bound.text(0);
    String part = window(self, bound, 1);
    if (wanted.isEmpty()) {
      return PyString.length(part) + 1L;
    }
    long found = 0;
    for (int at = part.indexOf(wanted); at >= 0; at = part.indexOf(wanted, at + wanted.length())) {
      found++;
    }
    return found;
  }

  static String justify(Runtime runtime, String how, String self, int width, String fill) {
    if (PyString.length(fill) != 1) {
      throw new TemplateException("the fill character must be exactly one character long");
    }
    int missing = width - PyString.length(self);
    if (missing <= 0) {
      return self;
    }
    runtime.checkLength(width);
    int left =
        switch (how) {
          case "ljust" -> 0;
          case "rjust" -> missing;
          default -> missing / 2 + (missing & width & 1);
        };
    return fill.repeat(left) + self + fill.repeat(missing - left);
  }

  private static Object zfill(Runtime runtime, String self, Arguments arguments) {
    int width = arguments.bind("zfill", "width").integer(0);
    runtime.checkLength(width);
    int signs = self.startsWith("-") || self.startsWith("+") ? 1 : 0;
    int missing = Math.max(0, width - PyString.length(self));
    return self.substring(0, signs) + "0".repeat(missing) + self.substring(signs);
  }

  private static Object expandTabs(Runtime runtime, String self, Arguments arguments) {
    int size = arguments.bind("expandtabs", "tabsize").integer(0, 8);
    StringBuilder out = new StringBuilder();
    int column = 0;
    for (int c : self.codePoints().toArray()) {
      if (c == '\t') {
        int blanks = size <= 0 ? 0 : size - column % size;
        runtime.checkLength((long) out.length() + blanks);
        out.repeat(' ', blanks);
        column += blanks;
      } else {
        out.appendCodePoint(c);
        column = c == '\n' || c == '\r' ? 0 : column + 1;
      }
    }
    return out.toString();
  }
}
