package dev.hadal.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** The digits of Python's format types; signs, padding and prefixes are the callers'. */
final class NumberFormat {
  private static final int MOST_DIGITS = 5_000;

  private NumberFormat() {}

  /** The magnitude of a float in type e, f, g or % (and upper case). */
  static String real(double value, char type, int precision, boolean alternate) {
    boolean upper = Character.isUpperCase(type);
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      String word = Double.isNaN(value) ? "nan" : "inf";
      return (upper ? word.toUpperCase(Locale.ROOT) : word) + (type == '%' ? "%" : "");
    }
    if (precision > MOST_DIGITS) {
      throw new TemplateException(
          "a format precision of " + precision + " digits; at most " + MOST_DIGITS);
    }
    BigDecimal exact = new BigDecimal(Math.abs(value));
    return switch (type) {
      case 'e', 'E' -> exponential(rounded(exact, precision + 1), type, precision);
      case 'f', 'F' -> exact.setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
      case '%' ->
          exact.movePointRight(2).setScale(precision, RoundingMode.HALF_EVEN).toPlainString() + "%";
      default -> general(exact, type == 'G' ? 'E' : 'e', Math.max(precision, 1), alternate);
    };
  }

  private static BigDecimal rounded(BigDecimal exact, int digits) {
    return exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
  }

  private static int exponent(BigDecimal value) {
    return value.signum() == 0 ? 0 : value.precision() - value.scale() - 1;
  }

  private static String exponential(BigDecimal rounded, char letter, int precision) {
    int exponent = exponent(rounded);
    BigDecimal mantissa =
        rounded.movePointLeft(exponent).setScale(precision, RoundingMode.HALF_EVEN);
    return mantissa.toPlainString() + exponentPart(exponent, letter);
  }

  private static String exponentPart(int exponent, char letter) {
    String digits = Integer.toString(Math.abs(exponent));
    return letter + (exponent < 0 ? "-" : "+") + (digits.length() < 2 ? "0" : "") + digits;
  }

  /** Shortest digits with an exponent, as in 1e+16. */
  static String exponential(BigDecimal shortest, int exponent, char letter) {
    return shortest.movePointLeft(exponent).stripTrailingZeros().toPlainString()
        + exponentPart(exponent, letter);
  }

  private static String general(BigDecimal exact, char letter, int precision, boolean alternate) {
    BigDecimal rounded = rounded(exact, precision);
    int exponent = exponent(rounded);
    if (exponent < -4 || exponent >= precision) {
      return alternate
          ? exponential(rounded, letter, precision - 1)
          : exponential(rounded, exponent, letter);
    }
    if (alternate) {
      return rounded.setScale(precision - 1 - exponent, RoundingMode.HALF_EVEN).toPlainString();
    }
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  /** The magnitude of an int in type d, b, o, x or X. */
  static String integer(BigInteger value, char type) {
    BigInteger magnitude = value.abs();
    return switch (type) {
      case 'b' -> magnitude.toString(2);
      case 'o' -> magnitude.toString(8);
      case 'x' -> magnitude.toString(16);
      case 'X' -> magnitude.toString(16).toUpperCase(Locale.ROOT);
      default -> magnitude.toString();
    };
  }

  static String prefix(char type) {
    return switch (type) {
      case 'b', 'o', 'x', 'X' -> "0" + type;
      default -> "";
    };
  }

  /** Puts a separator between groups of digits before the point. */
  static String grouped(String digits, char separator, int size) {
    int end = 0;
    while (end < digits.length()
        && Character.digit(digits.charAt(end), 16) >= 0
        && !(size == 3 && !Character.isDigit(digits.charAt(end)))) {
      end++;
    }
    StringBuilder out = new StringBuilder(digits);
    for (int i = end - size; i > 0; i -= size) {
      out.insert(i, separator);
    }
    return out.toString();
  }
}
