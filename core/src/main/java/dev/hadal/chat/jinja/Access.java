package dev.hadal.chat.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code value.name}, {@code value[key]} and {@code value[a:b:c]}, with Jinja's order of looking.
 */
final class Access {
  private Access() {}

  /** {@code value.name}: the attribute, else the item. */
  static Object attribute(Runtime runtime, Object value, String name) {
    if (value instanceof Undefined undefined) {
      throw undefined.failure();
    }
    Object found = ownAttribute(runtime, value, name);
    if (found == null && value instanceof Map<?, ?> map) {
      found = map.get(name);
    }
    return found == null ? Undefined.member(value, name) : found;
  }

  /** {@code value[key]}: the item, else, for a string, the attribute. */
  static Object item(Runtime runtime, Object value, Object key) {
    if (value instanceof Undefined undefined) {
      throw undefined.failure();
    }
    Object found = element(value, key);
    if (found == null && Values.isString(key)) {
      found = ownAttribute(runtime, value, Printer.str(key));
    }
    return found == null ? Undefined.member(value, key) : found;
  }

  /** Only the attribute, as the {@code attr} filter wants it. */
  static Object onlyAttribute(Runtime runtime, Object value, String name) {
    if (value instanceof Undefined undefined) {
      throw undefined.failure();
    }
    Object found = ownAttribute(runtime, value, name);
    return found == null ? Undefined.member(value, name) : found;
  }

  private static @Nullable Object ownAttribute(Runtime runtime, Object value, String name) {
    if (value instanceof Attributed attributed) {
      Object found = attributed.attribute(runtime, name);
      if (found != null) {
        return found;
      }
    }
    if (name.startsWith("__") && name.endsWith("__")) {
      return Undefined.unsafe(value, name);
    }
    return Methods.of(value, name);
  }

  private static @Nullable Object element(Object value, Object key) {
    if (value instanceof Map<?, ?> map) {
      return key instanceof List<?> && !(key instanceof Tuple) || key instanceof Map
          ? null
          : Comparison.lookup(map, key);
    }
    if (!Numbers.isInteger(key)) {
      return null;
    }
    int size = value instanceof DictView ? -1 : Values.length(value);
    BigInteger index = Numbers.big(key);
    if (size < 0 || index.bitLength() > 31) {
      return null;
    }
    int at = index.intValue() + (index.signum() < 0 ? size : 0);
    if (at < 0 || at >= size) {
      return null;
    }
    return switch (value) {
      case List<?> list -> list.get(at);
      case String text -> PyString.substring(text, at, at + 1);
      case Markup markup -> new Markup(PyString.substring(markup.text(), at, at + 1));
      default -> null;
    };
  }

  /** {@code value[start:stop:step]}; unlike a missing item, a value without slices fails. */
  static Object slice(Runtime runtime, Object value, Object start, Object stop, Object step) {
    if (value instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (!(value instanceof List<?>) && !Values.isString(value)) {
      throw new TemplateException("'" + Values.typeName(value) + "' object cannot be sliced");
    }
    int stride = step == None.NONE ? 1 : Numbers.index(step, "a slice's step");
    if (stride == 0) {
      throw new TemplateException("slice step cannot be zero");
    }
    int size = Values.length(value);
    int from = bound(start, stride > 0 ? 0 : size - 1, size, stride, "a slice's start");
    int to = bound(stop, stride > 0 ? size : -1, size, stride, "a slice's end");
    long span = stride > 0 ? (long) to - from : (long) from - to;
    int count = span <= 0 ? 0 : (int) ((span - 1) / Math.abs((long) stride) + 1);
    runtime.step(count);
    return switch (value) {
      case String text -> sliceText(runtime, text, from, stride, count);
      case Markup markup -> new Markup(sliceText(runtime, markup.text(), from, stride, count));
      case Range range -> range.slice(from, to, stride, count);
      default -> {
        List<?> list = (List<?>) value;
        List<Object> picked = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
          picked.add(list.get(from + i * stride));
        }
        yield value instanceof Tuple ? Tuple.of(picked) : picked;
      }
    };
  }

  private static int bound(Object given, int otherwise, int size, int stride, String place) {
    if (given == None.NONE) {
      return otherwise;
    }
    long index = Numbers.index(given, place);
    if (index < 0) {
      index += size;
    }
    long lowest = stride > 0 ? 0 : -1;
    long highest = stride > 0 ? size : size - 1L;
    return (int) Math.clamp(index, lowest, highest);
  }

  private static String sliceText(Runtime runtime, String text, int from, int stride, int count) {
    if (stride == 1) {
      return runtime.counted(PyString.substring(text, from, from + count));
    }
    int[] codePoints = text.codePoints().toArray();
    StringBuilder picked = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      picked.appendCodePoint(codePoints[from + i * stride]);
    }
    return runtime.counted(picked.toString());
  }
}
