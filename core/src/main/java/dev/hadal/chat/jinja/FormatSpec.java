package dev.hadal.chat.jinja;

import java.math.BigInteger;

/** A format specification, {@code [[fill]align][sign][#][0][width][,][.precision][type]}. */
final class FormatSpec {
  String fill = " ";
  char align;
  char sign = '-';
  boolean alternate;
  boolean zeroPadded;
  int width;
  char grouping;
  int precision = -1;
  char type;

  static FormatSpec parse(String text) {
    FormatSpec spec = new FormatSpec();
    int at = 0;
    int first = text.isEmpty() ? 0 : Character.charCount(text.codePointAt(0));
    if (text.length() > first && "<>=^".indexOf(text.charAt(first)) >= 0) {
      spec.fill = text.substring(0, first);
      spec.align = text.charAt(first);
      at = first + 1;
    } else if (!text.isEmpty() && "<>=^".indexOf(text.charAt(0)) >= 0) {
      spec.align = text.charAt(0);
      at = 1;
    }
    if (at < text.length() && "+- ".indexOf(text.charAt(at)) >= 0) {
      spec.sign = text.charAt(at++);
    }
    if (text.startsWith("z", at)) {
      at++;
    }
    if (text.startsWith("#", at)) {
      spec.alternate = true;
      at++;
    }
    if (text.startsWith("0", at)) {
      spec.zeroPadded = true;
      at++;
    }
    int end = digits(text, at);
    spec.width = number(text.substring(at, end), 0);
    at = end;
    if (at < text.length() && ",_".indexOf(text.charAt(at)) >= 0) {
      spec.grouping = text.charAt(at++);
    }
    if (text.startsWith(".", at)) {
      end = digits(text, at + 1);
      spec.precision = number(text.substring(at + 1, end), -1);
      at = end;
    }
    if (at < text.length()) {
      spec.type = text.charAt(at++);
    }
    if (at < text.length()) {
      throw new TemplateException("invalid format specifier '" + text + "'");
    }
    return spec;
  }

  private static int digits(String text, int from) {
    int at = from;
    while (at < text.length() && Character.isDigit(text.charAt(at))) {
      at++;
    }
    return at;
  }

  static int number(String digits, int otherwise) {
    if (digits.isEmpty()) {
      return otherwise;
    }
    return digits.length() > 8 ? Integer.MAX_VALUE : Integer.parseInt(digits);
  }

  /** The value formatted, by its type. */
  String apply(Runtime runtime, Object value) {
    if (Values.isString(value)) {
      if (type != 0 && type != 's') {
        throw unknownType(value);
      }
      return text(runtime, Printer.str(value));
    }
    if (value instanceof Double
        || (Numbers.isNumber(value) && type != 0 && "eEfFgG%".indexOf(type) >= 0)) {
      return real(runtime, Numbers.real(value));
    }
    if (Numbers.isInteger(value) && !(value instanceof Boolean && type == 0 && width == 0)) {
      if (type != 0 && "bcdoxXn".indexOf(type) < 0) {
        throw unknownType(value);
      }
      return integer(runtime, Numbers.big(value));
    }
    if (!isPlain() && !(value instanceof Boolean)) {
      throw new TemplateException(
          "unsupported format string passed to " + Values.typeName(value) + ".__format__");
    }
    return Printer.str(value);
  }

  private boolean isPlain() {
    return width == 0 && type == 0 && precision < 0 && align == 0 && !alternate && !zeroPadded;
  }

  private TemplateException unknownType(Object value) {
    return new TemplateException(
        "unknown format code '%s' for object of type '%s'".formatted(type, Values.typeName(value)));
  }

  String text(Runtime runtime, String text) {
    String cut =
        precision >= 0 && precision < PyString.length(text)
            ? PyString.substring(text, 0, precision)
            : text;
    return pad(runtime, "", cut, align == 0 ? '<' : align);
  }

  String integer(Runtime runtime, BigInteger value) {
    if (type == 'c') {
      return pad(runtime, "", Character.toString(value.intValue()), align == 0 ? '<' : align);
    }
    String digits = NumberFormat.integer(value, type);
    if (precision > digits.length()) {
      runtime.checkLength(precision);
      digits = "0".repeat(precision - digits.length()) + digits;
    }
    return number(runtime, value.signum() < 0, alternate ? NumberFormat.prefix(type) : "", digits);
  }

  String real(Runtime runtime, double value) {
    boolean negative = value < 0 || (value == 0 && 1 / value < 0);
    String digits;
    if (type == 0 && precision < 0) {
      digits = Numbers.repr(Math.abs(value));
    } else if (type == 0) {
      digits = NumberFormat.real(value, 'g', precision, alternate);
      digits = digits.matches("\\d+") ? digits + ".0" : digits;
    } else {
      digits =
          NumberFormat.real(
              value, type == 'n' ? 'g' : type, precision < 0 ? 6 : precision, alternate);
    }
    return number(runtime, negative, "", digits);
  }

  private String number(Runtime runtime, boolean negative, String prefix, String magnitude) {
    String digits =
        grouping == 0
            ? magnitude
            : NumberFormat.grouped(
                magnitude, grouping, type != 0 && "boxX".indexOf(type) >= 0 ? 4 : 3);
    String head = (negative ? "-" : sign == '-' ? "" : Character.toString(sign)) + prefix;
    boolean zeros = zeroPadded && (align == 0 || align == '>');
    if (zeros) {
      runtime.checkLength(width);
      int missing = width - head.length() - digits.length();
      return head + "0".repeat(Math.max(0, missing)) + digits;
    }
    return pad(runtime, head, digits, align == 0 ? '>' : align);
  }

  private String pad(Runtime runtime, String head, String body, char alignment) {
    int missing = width - PyString.length(head) - PyString.length(body);
    if (missing <= 0) {
      return head + body;
    }
    runtime.checkLength(width);
    return switch (alignment) {
      case '<' -> head + body + fill.repeat(missing);
      case '^' -> fill.repeat(missing / 2) + head + body + fill.repeat(missing - missing / 2);
      case '=' -> head + fill.repeat(missing) + body;
      default -> fill.repeat(missing) + head + body;
    };
  }
}
