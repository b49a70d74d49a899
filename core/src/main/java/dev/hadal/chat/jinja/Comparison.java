package dev.hadal.chat.jinja;

import java.math.BigInteger;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Python's {@code ==}, {@code <} and {@code in}, and looking up dict keys by them. */
final class Comparison {
  private Comparison() {}

  static boolean equal(Object left, Object right) {
    return equal(left, right, 0);
  }

  private static boolean equal(Object left, Object right, int depth) {
    if (depth > Values.DEEPEST) {
      throw new TemplateException("a value is nested more than " + Values.DEEPEST + " levels deep");
    }
    if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
      return !Numbers.isNaN(left) && !Numbers.isNaN(right) && Numbers.compare(left, right) == 0;
    }
    if (Values.isString(left) && Values.isString(right)) {
      return Printer.str(left).equals(Printer.str(right));
    }
    if (left instanceof Undefined && right instanceof Undefined) {
      return true;
    }
    if (left instanceof List<?> a && right instanceof List<?> b) {
      return Values.typeName(a).equals(Values.typeName(b)) && equalItems(a, b, depth);
    }
    if (left instanceof Map<?, ?> a && right instanceof Map<?, ?> b) {
      return equalDicts(a, b, depth);
    }
    if (left instanceof DictView a && right instanceof DictView b) {
      return a.kind() == b.kind()
          && a.kind() != DictView.Kind.VALUES
          && a.size() == b.size()
          && a.stream().allMatch(item -> contains(b, item));
    }
    return left.equals(right);
  }

  private static boolean equalItems(List<?> left, List<?> right, int depth) {
    if (left.size() != right.size()) {
      return false;
    }
    Iterator<?> other = right.iterator();
    for (Object item : left) {
      if (!equal(item, other.next(), depth + 1)) {
        return false;
      }
    }
    return true;
  }

  private static boolean equalDicts(Map<?, ?> left, Map<?, ?> right, int depth) {
    if (left.size() != right.size()) {
      return false;
    }
    for (Map.Entry<?, ?> entry : left.entrySet()) {
      Object other = lookup(right, entry.getKey());
      if (other == null || !equal(entry.getValue(), other, depth + 1)) {
        return false;
      }
    }
    return true;
  }

  /** -1, 0 or 1 for {@code left operator right}; unordered types fail as Python's do. */
  static int order(Object left, Object right, String operator) {
    if (left instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (right instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
      return Numbers.compare(left, right);
    }
    if (Values.isString(left) && Values.isString(right)) {
      return compareText(Printer.str(left), Printer.str(right));
    }
    if (left instanceof List<?> a
        && right instanceof List<?> b
        && !(left instanceof Range)
        && !(right instanceof Range)
        && left instanceof Tuple == right instanceof Tuple) {
      Iterator<?> other = b.iterator();
      for (Object item : a) {
        if (!other.hasNext()) {
          return 1;
        }
        Object against = other.next();
        if (!equal(item, against)) {
          return order(item, against, operator);
        }
      }
      return other.hasNext() ? -1 : 0;
    }
    throw new TemplateException(
        "'%s' not supported between instances of '%s' and '%s'"
            .formatted(operator, Values.typeName(left), Values.typeName(right)));
  }

  /** By code point, where Java's own order goes by UTF-16 unit. */
  private static int compareText(String left, String right) {
    int mismatch = 0;
    int common = Math.min(left.length(), right.length());
    while (mismatch < common && left.charAt(mismatch) == right.charAt(mismatch)) {
      mismatch++;
    }
    if (mismatch == common) {
      return Integer.compare(left.length(), right.length());
    }
    boolean split = mismatch > 0 && Character.isHighSurrogate(left.charAt(mismatch - 1));
    int at = split ? mismatch - 1 : mismatch;
    return Integer.compare(left.codePointAt(at), right.codePointAt(at));
  }

  static boolean compare(String operator, Object left, Object right) {
    boolean unordered = Numbers.isNaN(left) || Numbers.isNaN(right);
    return switch (operator) {
      case "==" -> equal(left, right);
      case "!=" -> !equal(left, right);
      case "<" -> order(left, right, operator) < 0 && !unordered;
      case "<=" -> order(left, right, operator) <= 0 && !unordered;
      case ">" -> order(left, right, operator) > 0 && !unordered;
      case ">=" -> order(left, right, operator) >= 0 && !unordered;
      case "in" -> contains(right, left);
      case "not in" -> !contains(right, left);
      default -> throw new IllegalStateException("no comparison '" + operator + "'");
    };
  }

  static boolean contains(Object container, Object item) {
    if (Values.isString(container)) {
      return Printer.str(container)
          .contains(Values.text(item, "left of 'in' with a str on its right"));
    }
    if (container instanceof Map<?, ?> map) {
      return lookup(map, item) != null;
    }
    if (container instanceof Collection<?> items) {
      for (Object candidate : items) {
        if (equal(candidate, item)) {
          return true;
        }
      }
      return false;
    }
    Iterator<Object> items = Values.iteratorOrNull(container);
    if (items == null) {
      throw new TemplateException(
          "argument of type '" + Values.typeName(container) + "' is not iterable");
    }
    while (items.hasNext()) {
      if (equal(items.next(), item)) {
        return true;
      }
    }
    return false;
  }

  /** The dict's value for the key, or null; 1, 1.0 and true are the same key. */
  static @Nullable Object lookup(Map<?, ?> map, Object key) {
    if (key instanceof String) {
      return map.get(key);
    }
    Object wanted = hashKey(key);
    if (wanted instanceof String) {
      return map.get(wanted);
    }
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (!(entry.getKey() instanceof String) && wanted.equals(hashKey(entry.getKey()))) {
        return entry.getValue();
      }
    }
    return null;
  }

  /** A Java object that is equal exactly where the Python values are; lists and dicts have none. */
  static Object hashKey(Object value) {
    return switch (value) {
      case Boolean bool -> bool ? 1L : 0L;
      case Double real when real == Math.rint(real) && !real.isInfinite() -> Numbers.truncate(real);
      case Markup markup -> markup.text();
      case BigInteger big -> big;
      case Undefined undefined -> Undefined.class;
      case Tuple tuple -> tuple.stream().map(Comparison::hashKey).toList();
      case Range range -> List.of("range", List.copyOf(range));
      case List<?> list -> throw unhashable(list);
      case Map<?, ?> map -> throw unhashable(map);
      default -> Objects.requireNonNull(value);
    };
  }

  private static TemplateException unhashable(Object value) {
    return new TemplateException("unhashable type: '" + Values.typeName(value) + "'");
  }
}
