package dev.hadal.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Python's numbers: an int is a Long, or a BigInteger beyond it; a bool counts as an int. */
final class Numbers {
  /** Python itself prints no int of more than 4,300 digits. */
  private static final int MOST_BITS = 14_284;

  private Numbers() {}

  /** An int in its one form. */
  static Object normal(BigInteger value) {
    if (value.bitLength() < 64) {
      return value.longValue();
    }
    if (value.bitLength() > MOST_BITS) {
      throw new TemplateException("an integer of more than 4300 digits");
    }
    return value;
  }

  static boolean isInteger(Object value) {
    return value instanceof Long || value instanceof BigInteger || value instanceof Boolean;
  }

  static boolean isNumber(Object value) {
    return isInteger(value) || value instanceof Double;
  }

  static BigInteger big(Object integer) {
    return switch (integer) {
      case BigInteger big -> big;
      case Boolean bool -> bool ? BigInteger.ONE : BigInteger.ZERO;
      default -> BigInteger.valueOf((Long) integer);
    };
  }

  static double real(Object number) {
    return switch (number) {
      case Double real -> real;
      case Long integer -> integer;
      case Boolean bool -> bool ? 1 : 0;
      case BigInteger big -> {
        double real = big.doubleValue();
        if (Double.isInfinite(real)) {
          throw new TemplateException("int too large to convert to float");
        }
        yield real;
      }
      default -> throw new IllegalStateException("not a number: " + number);
    };
  }

  /** A number that must fit an index or a count; larger ones are clamped, as slices want it. */
  static int index(Object value, String place) {
    if (value instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (!isInteger(value)) {
      throw new TemplateException(
          place + " is " + Values.typeName(value) + ", expected an integer");
    }
    BigInteger big = big(value);
    return big.bitLength() < 32
        ? big.intValue()
        : big.signum() < 0 ? -Integer.MAX_VALUE : Integer.MAX_VALUE;
  }

  /** -1, 0 or 1; mixed int and float compare exactly. NaN is the caller's. */
  static int compare(Object left, Object right) {
    if (left instanceof Long a && right instanceof Long b) {
      return Long.compare(a, b);
    }
    if (left instanceof Double || right instanceof Double) {
      double a = left instanceof BigInteger ? Double.NaN : real(left);
      double b = right instanceof BigInteger ? Double.NaN : real(right);
      if (Double.isInfinite(a) || Double.isInfinite(b)) {
        return Double.compare(a, b);
      }
      return decimal(left).compareTo(decimal(right));
    }
    return big(left).compareTo(big(right));
  }

  private static BigDecimal decimal(Object number) {
    return number instanceof Double real ? new BigDecimal(real) : new BigDecimal(big(number));
  }

  static boolean isNaN(Object value) {
    return value instanceof Double real && real.isNaN();
  }

  /** Python's repr of a float: the shortest digits, an exponent below 1e-4 and from 1e16. */
  static String repr(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal shortest = shortest(value);
    int exponent = shortest.precision() - shortest.scale() - 1;
    if (exponent < -4 || exponent >= 16) {
      return NumberFormat.exponential(shortest, exponent, 'e');
    }
    String plain = shortest.toPlainString();
    return plain.indexOf('.') < 0 ? plain + ".0" : plain;
  }

  /** Java's own text never has less than two digits. */
  private static BigDecimal shortest(double value) {
    BigDecimal digits = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    BigDecimal one = digits.round(new MathContext(1));
    return one.doubleValue() == value ? one.stripTrailingZeros() : digits;
  }

  /** Python's {@code int(text, base)}, or null where it fails. */
  static @Nullable Object parseInteger(String text, int base) {
    String digits = PyString.strip(text, true, true).toLowerCase(Locale.ROOT);
    boolean negative = digits.startsWith("-");
    if (negative || digits.startsWith("+")) {
      digits = digits.substring(1);
    }
    int radix = base;
    for (String prefix : new String[] {"0x16", "0o8", "0b2"}) {
      int named = Integer.parseInt(prefix.substring(2));
      if (digits.startsWith(prefix.substring(0, 2)) && (base == 0 || base == named)) {
        digits = digits.substring(2);
        digits = digits.startsWith("_") ? digits.substring(1) : digits;
        radix = named;
      }
    }
    radix = radix == 0 ? 10 : radix;
    if (radix < 2 || radix > 36 || digits.length() > 4_300 || !wellUnderscored(digits)) {
      return null;
    }
    try {
      BigInteger value = new BigInteger(digits.replace("_", ""), radix);
      return normal(negative ? value.negate() : value);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static boolean wellUnderscored(String digits) {
    return !digits.isEmpty()
        && Character.isLetterOrDigit(digits.charAt(0))
        && !digits.endsWith("_")
        && !digits.contains("__");
  }

  /** Python's {@code float(text)}, or null where it fails. */
  static @Nullable Double parseReal(String text) {
    String number = PyString.strip(text, true, true).toLowerCase(Locale.ROOT);
    switch (number.replaceFirst("^[+-]", "")) {
      case "inf", "infinity" -> {
        return number.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
      }
      case "nan" -> {
        return Double.NaN;
      }
      default -> {}
    }
    boolean wellFormed =
        number.length() < 5_000
            && number.matches("[+-]?(?:\\d[\\d_]*\\.?[\\d_]*|\\.\\d[\\d_]*)(?:e[+-]?\\d[\\d_]*)?")
            && !number.contains("__");
    return wellFormed ? Double.valueOf(number.replace("_", "")) : null;
  }

  /** A float without its fraction, as an int. */
  static Object truncate(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      throw new TemplateException("cannot convert float " + repr(value) + " to integer");
    }
    return normal(new BigDecimal(value).toBigInteger());
  }

  /** Python's round: half to even on the exact value; an int stays one. */
  static Object round(Object value, int digits) {
    if (value instanceof Double real) {
      if (real.isNaN() || real.isInfinite() || digits > 320) {
        return real;
      }
      double rounded =
          new BigDecimal(real)
              .setScale(Math.max(digits, -400), RoundingMode.HALF_EVEN)
              .doubleValue();
      return rounded == 0 ? Math.copySign(0.0, real) : rounded;
    }
    if (digits >= 0) {
      return normal(big(value));
    }
    return normal(
        new BigDecimal(big(value))
            .setScale(Math.max(digits, -5_000), RoundingMode.HALF_EVEN)
            .toBigInteger());
  }
}
