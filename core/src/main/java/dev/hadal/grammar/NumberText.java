package dev.hadal.grammar;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Decimal numbers within bounds, compared digit by digit as they are written. They have no
 * exponent, and at most {@link JsonText#MAX_DIGITS} digits on each side of the point unless a bound
 * has more.
 */
final class NumberText {
  /** A bound beyond this is none: nobody counts so far in digits. */
  private static final int MAX_BOUND_DIGITS = 400;

  private final Algebra algebra;
  private final Node digit;
  private final Node point;

  NumberText(Algebra algebra) {
    this.algebra = algebra;
    this.digit = algebra.bytes(ByteSet.range('0', '9'));
    this.point = algebra.byteOf('.');
  }

  /**
   * A bound.
   *
   * @param exclusive whether the bound itself is outside
   */
  record Bound(BigDecimal at, boolean exclusive) {
    /** The stricter of two lower bounds. */
    static @Nullable Bound higher(@Nullable Bound a, @Nullable Bound b) {
      return a == null || b == null ? either(a, b) : stricter(a, b, a.at.compareTo(b.at));
    }

    /** The stricter of two upper bounds. */
    static @Nullable Bound lower(@Nullable Bound a, @Nullable Bound b) {
      return a == null || b == null ? either(a, b) : stricter(a, b, b.at.compareTo(a.at));
    }

    private static @Nullable Bound either(@Nullable Bound a, @Nullable Bound b) {
      return a == null ? b : a;
    }

    private static Bound stricter(Bound a, Bound b, int order) {
      return order > 0 || (order == 0 && a.exclusive) ? a : b;
    }

    Bound negated() {
      return new Bound(at.negate(), exclusive);
    }

    boolean isTooLong() {
      return Math.abs((long) at.precision() - at.scale()) > MAX_BOUND_DIGITS
          || at.scale() > MAX_BOUND_DIGITS;
    }
  }

  /** A number as it is written without need: 1.0 is 1, 1e2 is 100. */
  static String canonical(JsonNode number) {
    BigDecimal value = number.decimalValue().stripTrailingZeros();
    return Math.abs((long) value.precision() - value.scale()) <= MAX_BOUND_DIGITS
            && value.scale() <= MAX_BOUND_DIGITS
        ? value.toPlainString()
        : value.toString();
  }

  /**
   * Numbers within bounds.
   *
   * @param fraction most digits behind the point; 0 for integers
   */
  Node between(@Nullable Bound low, @Nullable Bound high, int fraction) {
    List<Node> ways = new ArrayList<>();
    if (high == null || high.at.signum() > 0 || (high.at.signum() == 0 && !high.exclusive)) {
      ways.add(magnitudes(low == null || low.at.signum() < 0 ? null : low, high, fraction));
    }
    if (low == null || low.at.signum() < 0) {
      Bound least = high == null || high.at.signum() > 0 ? null : high.negated();
      if (least == null || least.at.signum() == 0) {
        least = new Bound(BigDecimal.ZERO, true); // there is no -0
      }
      ways.add(
          algebra.seq(
              algebra.byteOf('-'),
              magnitudes(least, low == null ? null : low.negated(), fraction)));
    }
    return algebra.group(algebra.alt(ways));
  }

  /** Numbers from 0 within bounds that are not negative. */
  private Node magnitudes(@Nullable Bound low, @Nullable Bound high, int fraction) {
    int digits =
        Math.max(JsonText.MAX_DIGITS, Math.max(wholeDigits(low) + 1, wholeDigits(high) + 1));
    int behind = fraction == 0 ? 0 : Math.max(fraction, Math.max(scale(low), scale(high)) + 1);
    Node some = behind == 0 ? algebra.empty : fractions(behind);
    Node form =
        algebra.seq(
            algebra.alt(
                algebra.byteOf('0'),
                algebra.seq(
                    algebra.bytes(ByteSet.range('1', '9')), algebra.repeat(digit, 0, digits - 1))),
            some);
    List<Node> all = new ArrayList<>(List.of(form));
    if (low != null) {
      all.add(compared(low, true));
    }
    if (high != null) {
      all.add(compared(high, false));
    }
    return algebra.and(all);
  }

  private static int wholeDigits(@Nullable Bound bound) {
    return bound == null ? 0 : Math.max(1, bound.at.precision() - bound.at.scale());
  }

  private static int scale(@Nullable Bound bound) {
    return bound == null ? 0 : Math.max(0, bound.at.stripTrailingZeros().scale());
  }

  private Node fractions(int most) {
    return algebra.optional(algebra.seq(point, algebra.repeat(digit, 1, most)));
  }

  /** Decimals without sign on one side of a bound. */
  private Node compared(Bound bound, boolean above) {
    BigInteger whole = bound.at.toBigInteger();
    String text = whole.toString();
    String plain = bound.at.stripTrailingZeros().toPlainString();
    String behind = plain.contains(".") ? plain.substring(plain.indexOf('.') + 1) : "";
    Node anyFraction = algebra.optional(algebra.seq(point, algebra.repeat(digit, 1, -1)));
    List<Node> ways = new ArrayList<>();
    ways.add(algebra.seq(wholes(text, above), anyFraction));
    ways.add(algebra.seq(algebra.text(text), tail(behind, above, bound.exclusive)));
    return algebra.alt(ways);
  }

  /** Whole numbers beyond one, written without leading zeros. */
  private Node wholes(String than, boolean above) {
    List<Node> ways = new ArrayList<>();
    for (int i = 0; i < than.length(); i++) {
      int from = above ? than.charAt(i) + 1 : i == 0 && than.length() > 1 ? '1' : '0';
      int to = above ? '9' : than.charAt(i) - 1;
      if (from <= to) {
        ways.add(
            algebra.seq(
                algebra.text(than.substring(0, i)),
                algebra.bytes(ByteSet.range(from, to)),
                digits(than.length() - 1 - i, than.length() - 1 - i)));
      }
    }
    if (above) {
      ways.add(algebra.seq(algebra.bytes(ByteSet.range('1', '9')), digits(than.length(), -1)));
    } else if (than.length() > 1) {
      ways.add(algebra.byteOf('0'));
      ways.add(algebra.seq(algebra.bytes(ByteSet.range('1', '9')), digits(0, than.length() - 2)));
    }
    return algebra.alt(ways);
  }

  private Node digits(int min, int max) {
    return algebra.repeat(digit, min, max);
  }

  /** What may follow the same whole part: the point and a fraction on that side of one. */
  private Node tail(String than, boolean above, boolean exclusive) {
    Node zeros = algebra.star(algebra.byteOf('0'));
    Node beyond = algebra.seq(zeros, algebra.bytes(ByteSet.range('1', '9')), algebra.star(digit));
    // Behind all of the bound's digits.
    Node equal = exclusive ? algebra.none : zeros;
    Node rest = above ? (exclusive ? beyond : algebra.star(digit)) : equal;
    for (int i = than.length() - 1; i >= 0; i--) {
      int c = than.charAt(i);
      List<Node> ways = new ArrayList<>();
      ways.add(algebra.seq(algebra.byteOf(c), rest));
      int from = above ? c + 1 : '0';
      int to = above ? '9' : c - 1;
      if (from <= to) {
        ways.add(algebra.seq(algebra.bytes(ByteSet.range(from, to)), algebra.star(digit)));
      }
      if (!above) {
        ways.add(algebra.empty); // shorter is less
      }
      rest = algebra.alt(ways);
    }
    boolean bare = above ? than.isEmpty() && !exclusive : !than.isEmpty() || !exclusive;
    return algebra.alt(bare ? algebra.empty : algebra.none, algebra.seq(point, rest));
  }
}
