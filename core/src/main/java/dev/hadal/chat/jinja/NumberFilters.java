package dev.hadal.chat.jinja;

import java.math.RoundingMode;
import java.util.List;
import java.util.Map;

/** Filters on numbers: abs, int, float, round, sum, filesizeformat. */
final class NumberFilters {
  private NumberFilters() {}

  static void register(Map<String, Filter> filters) {
    filters.put("abs", (runtime, value, arguments) -> abs(runtime, value));
    filters.put("int", NumberFilters::toInteger);
    filters.put("float", NumberFilters::toReal);
    filters.put("round", NumberFilters::round);
    filters.put("sum", NumberFilters::sum);
    filters.put("filesizeformat", NumberFilters::fileSize);
  }

  private static Object abs(Runtime runtime, Object value) {
    if (value instanceof Double real) {
      return Math.abs(real);
    }
    return Numbers.isInteger(value)
        ? Numbers.normal(Numbers.big(value).abs())
        : runtime.arithmetic().negate(value);
  }

  private static Object toInteger(Runtime runtime, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("int", "default", "base");
    Object otherwise = bound.or(0, 0L);
    return switch (value) {
      case Undefined undefined -> throw undefined.failure();
      case Double real ->
          Double.isNaN(real) || Double.isInfinite(real) ? otherwise : Numbers.truncate(real);
      case String text -> parse(text, bound.integer(1, 10), otherwise);
      case Markup markup -> parse(markup.text(), bound.integer(1, 10), otherwise);
      default -> Numbers.isInteger(value) ? Numbers.normal(Numbers.big(value)) : otherwise;
    };
  }

  /** "42.23" gives 42, as in Jinja. */
  private static Object parse(String text, int base, Object otherwise) {
    Object integer = Numbers.parseInteger(text, base);
    if (integer != null) {
      return integer;
    }
    Double real = Numbers.parseReal(text);
    return real == null || real.isNaN() || real.isInfinite() ? otherwise : Numbers.truncate(real);
  }

  private static Object toReal(Runtime runtime, Object value, Arguments arguments) {
    Object otherwise = arguments.bind("float", "default").or(0, 0.0);
    if (value instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (Values.isString(value)) {
      Double real = Numbers.parseReal(Printer.str(value));
      return real == null ? otherwise : real;
    }
    return Numbers.isNumber(value) ? (Object) Numbers.real(value) : otherwise;
  }

  private static Object round(Runtime runtime, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("round", "precision", "method");
    int precision = bound.integer(0, 0);
    String method = bound.text(1, "common");
    if (!List.of("common", "ceil", "floor").contains(method)) {
      throw new TemplateException("round's method must be common, ceil or floor, not " + method);
    }
    if (value instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (!Numbers.isNumber(value)) {
      throw new TemplateException("round needs a number, found " + Values.typeName(value));
    }
    if (method.equals("common")) {
      return Numbers.round(value, precision);
    }
    Arithmetic arithmetic = runtime.arithmetic();
    Object factor = arithmetic.apply("**", 10L, (long) precision);
    double scaled = Numbers.real(arithmetic.apply("*", value, factor));
    double whole = method.equals("ceil") ? Math.ceil(scaled) : Math.floor(scaled);
    return arithmetic.apply("/", Numbers.truncate(whole), factor);
  }

  private static Object sum(Runtime runtime, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("sum", "attribute", "start");
    List<Object> path = SelectionFilters.path(bound.orNone(0));
    Object total = bound.or(1, 0L);
    if (Values.isString(total)) {
      throw new TemplateException("sum can't add strings; use join");
    }
    for (Object item : Values.list(runtime, value)) {
      total = runtime.arithmetic().apply("+", total, runtime.path(item, path));
    }
    return total;
  }

  private static Object fileSize(Runtime runtime, Object value, Arguments arguments) {
    boolean binary = arguments.bind("filesizeformat", "binary").flag(0, false);
    Object number = Values.isString(value) ? Numbers.parseReal(Printer.str(value)) : value;
    if (number == null || !Numbers.isNumber(number)) {
      throw new TemplateException("filesizeformat needs a number, found " + Printer.repr(value));
    }
    double bytes = Numbers.real(number);
    int base = binary ? 1024 : 1000;
    if (bytes == 1) {
      return "1 Byte";
    }
    if (bytes < base) {
      return Printer.str(Numbers.truncate(bytes)) + " Bytes";
    }
    String prefixes = binary ? "KMGTPEZY" : "kMGTPEZY";
    double unit = base;
    int prefix = 0;
    while (prefix < 7 && bytes >= unit * base) {
      unit *= base;
      prefix++;
    }
    return new java.math.BigDecimal(bytes / unit).setScale(1, RoundingMode.HALF_EVEN)
        + " "
        + prefixes.charAt(prefix)
        + (binary ? "iB" : "B");
  }
}
