package dev.hadal.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Python's arithmetic operators, on numbers, strings and lists. */
final class Arithmetic {
  private final Runtime runtime;

  Arithmetic(Runtime runtime) {
    this.runtime = runtime;
  }

  Object apply(String operator, Object left, Object right) {
    if (operator.equals("%") && Values.isString(left)) {
      return left instanceof Markup markup
          ? new Markup(PercentFormat.format(runtime, markup.text(), escaped(right)))
          : PercentFormat.format(runtime, Printer.str(left), right);
    }
    if (left instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (right instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
      boolean real = left instanceof Double || right instanceof Double;
      return real || operator.equals("/")
          ? real(operator, left, right)
          : integer(operator, left, right);
    }
    if (operator.equals("+")) {
      return add(left, right);
    }
    if (operator.equals("*")) {
      if (Numbers.isInteger(right)) {
        return repeat(left, right, left, right);
      }
      if (Numbers.isInteger(left)) {
        return repeat(right, left, left, right);
      }
    }
    throw unsupported(operator, left, right);
  }

  /** What goes into safe text is escaped, numbers aside. */
  private static Object escaped(Object value) {
    return switch (value) {
      case Tuple tuple -> Tuple.of(tuple.stream().map(Arithmetic::escaped).toList());
      case Map<?, ?> map -> {
        Map<Object, Object> copy = new LinkedHashMap<>();
        map.forEach((key, item) -> copy.put(key, escaped(item)));
        yield copy;
      }
      default -> Numbers.isNumber(value) ? value : Markup.escape(value);
    };
  }

  Object negate(Object value) {
    return switch (value) {
      case Double real -> -real;
      case Undefined undefined -> throw undefined.failure();
      default -> {
        if (!Numbers.isInteger(value)) {
          throw new TemplateException(
              "bad operand type for unary -: '" + Values.typeName(value) + "'");
        }
        yield Numbers.normal(Numbers.big(value).negate());
      }
    };
  }

  Object positive(Object value) {
    return negate(negate(value));
  }

  private Object add(Object left, Object right) {
    if (left instanceof String a && right instanceof String b) {
      return concat(a, b);
    }
    if (Values.isString(left) && Values.isString(right)) {
      return new Markup(concat(Markup.escape(left), Markup.escape(right)));
    }
    if (left instanceof List<?> a
        && right instanceof List<?> b
        && !(left instanceof Range)
        && !(right instanceof Range)
        && left instanceof Tuple == right instanceof Tuple) {
      runtime.checkItems((long) a.size() + b.size());
      runtime.step(a.size() + b.size());
      List<Object> joined = new ArrayList<>(a.size() + b.size());
      joined.addAll(a);
      joined.addAll(b);
      return left instanceof Tuple ? Tuple.of(joined) : joined;
    }
    if (Values.isString(left)) {
      throw new TemplateException(
          "can only concatenate str (not '" + Values.typeName(right) + "') to str");
    }
    throw unsupported("+", left, right);
  }

  private String concat(String left, String right) {
    runtime.checkChars((long) left.length() + right.length());
    return left.concat(right);
  }

  private Object repeat(Object value, Object times, Object left, Object right) {
    int count = Math.max(0, Numbers.index(times, "the factor"));
    switch (value) {
      case String text -> {
        return repeat(text, count);
      }
      case Markup markup -> {
        return new Markup(repeat(markup.text(), count));
      }
      case List<?> list when !(list instanceof Range) -> {
        long size = (long) list.size() * count;
        runtime.checkItems(size);
        runtime.step(size);
        List<Object> repeated = new ArrayList<>((int) size);
        for (int i = 0; i < count && !list.isEmpty(); i++) {
          repeated.addAll(list);
        }
        return list instanceof Tuple ? Tuple.of(repeated) : repeated;
      }
      default -> throw unsupported("*", left, right);
    }
  }

  private String repeat(String text, int count) {
    runtime.checkChars((long) text.length() * count);
    return text.repeat(count);
  }

  private static TemplateException unsupported(String operator, Object left, Object right) {
    return new TemplateException(
        "unsupported operand type(s) for %s: '%s' and '%s'"
            .formatted(operator, Values.typeName(left), Values.typeName(right)));
  }

  private static Object integer(String operator, Object left, Object right) {
    if (left instanceof Long a && right instanceof Long b) {
      long result = a + b;
      if (operator.equals("+") && ((a ^ result) & (b ^ result)) >= 0) {
        return result;
      }
    }
    BigInteger a = Numbers.big(left);
    BigInteger b = Numbers.big(right);
    return switch (operator) {
      case "+" -> Numbers.normal(a.add(b));
      case "-" -> Numbers.normal(a.subtract(b));
      case "*" -> Numbers.normal(a.multiply(b));
      case "//" -> Numbers.normal(floorDivide(a, b)[0]);
      case "%" -> Numbers.normal(floorDivide(a, b)[1]);
      case "**" -> power(a, b);
      default -> throw new IllegalStateException("no operator '" + operator + "'");
    };
  }

  private static BigInteger[] floorDivide(BigInteger a, BigInteger b) {
    if (b.signum() == 0) {
      throw new TemplateException("integer division or modulo by zero");
    }
    BigInteger[] parts = a.divideAndRemainder(b);
    if (parts[1].signum() != 0 && parts[1].signum() != b.signum()) {
      parts[0] = parts[0].subtract(BigInteger.ONE);
      parts[1] = parts[1].add(b);
    }
    return parts;
  }

  private static Object power(BigInteger a, BigInteger b) {
    if (b.signum() < 0) {
      return realPower(a.doubleValue(), b.doubleValue());
    }
    if (a.bitLength() <= 1 && a.abs().compareTo(BigInteger.ONE) <= 0) {
      boolean one = b.signum() == 0 || a.signum() > 0 || (a.signum() < 0 && !b.testBit(0));
      return one ? 1L : (Object) a.longValue();
    }
    if (b.bitLength() > 15 || (long) a.bitLength() * b.intValue() > 20_000) {
      throw new TemplateException("an integer of more than 4300 digits");
    }
    return Numbers.normal(a.pow(b.intValue()));
  }

  private static Object real(String operator, Object left, Object right) {
    double a = Numbers.real(left);
    double b = Numbers.real(right);
    return switch (operator) {
      case "+" -> a + b;
      case "-" -> a - b;
      case "*" -> a * b;
      case "/" -> divide(left, right, a, b);
      case "//" -> {
        double quotient = (a - modulo(a, b)) / b;
        double floor = Math.floor(quotient);
        yield quotient - floor > 0.5 ? floor + 1 : floor;
      }
      case "%" -> modulo(a, b);
      case "**" -> realPower(a, b);
      default -> throw new IllegalStateException("no operator '" + operator + "'");
    };
  }

  private static double divide(Object left, Object right, double a, double b) {
    if (b == 0) {
      throw new TemplateException("division by zero");
    }
    boolean exact = left instanceof BigInteger || right instanceof BigInteger;
    if (exact && Numbers.isInteger(left) && Numbers.isInteger(right)) {
      return new BigDecimal(Numbers.big(left))
          .divide(new BigDecimal(Numbers.big(right)), java.math.MathContext.DECIMAL128)
          .doubleValue();
    }
    return a / b;
  }

  private static double modulo(double a, double b) {
    if (b == 0) {
      throw new TemplateException("float modulo by zero");
    }
    double rest = a % b;
    if (rest == 0) {
      return Math.copySign(0.0, b);
    }
    return rest < 0 == b < 0 ? rest : rest + b;
  }

  private static Object realPower(double a, double b) {
    if (a == 0 && b < 0) {
      throw new TemplateException("0.0 cannot be raised to a negative power");
    }
    if (a < 0 && b != Math.rint(b) && !Double.isInfinite(b)) {
      throw new TemplateException("a negative number to a fractional power is complex");
    }
    return Math.pow(a, b);
  }
}
