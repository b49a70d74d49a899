package dev.hadal.chat.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Python's view of the interpreter's values: None, Boolean, Long and BigInteger (int), Double,
 * String (str), {@link Markup}, List, {@link Tuple}, {@link Range}, Map (dict), {@link DictView},
 * {@link Lazy}, {@link Undefined}, and what is {@link Attributed} or a {@link Routine}.
 */
final class Values {
  static final int DEEPEST = 200;

  private Values() {}

  /**
   * A Java value as one of ours, copied, so that a template never sees a caller's object change.
   */
  static Object of(@Nullable Object value) {
    return of(value, 0);
  }

  private static Object of(@Nullable Object value, int depth) {
    if (depth > DEEPEST) {
      throw new TemplateException("a variable is nested more than " + DEEPEST + " levels deep");
    }
    return switch (value) {
      case null -> None.NONE;
      case String text -> text;
      case Boolean bool -> bool;
      case Long number -> number;
      case Integer number -> number.longValue();
      case Short number -> number.longValue();
      case Byte number -> number.longValue();
      case Double number -> number;
      case Float number -> number.doubleValue();
      case BigInteger number -> Numbers.normal(number);
      case Number number -> number.doubleValue();
      case Map<?, ?> map -> {
        Map<Object, Object> copy = new LinkedHashMap<>();
        map.forEach((key, item) -> copy.put(of(key, depth + 1), of(item, depth + 1)));
        yield Collections.unmodifiableMap(copy);
      }
      case Iterable<?> items -> {
        List<Object> copy = new ArrayList<>();
        items.forEach(item -> copy.add(of(item, depth + 1)));
        yield Collections.unmodifiableList(copy);
      }
      case CharSequence text -> text.toString();
      case Object[] items -> of(List.of(items), depth);
      case Routine routine -> routine;
      default ->
          throw new IllegalArgumentException(
              "a template variable of "
                  + value.getClass()
                  + "; give maps, lists, strings, numbers");
    };
  }

  static String typeName(Object value) {
    return switch (value) {
      case None none -> "NoneType";
      case Boolean bool -> "bool";
      case Long number -> "int";
      case BigInteger number -> "int";
      case Double number -> "float";
      case String text -> "str";
      case Markup markup -> "Markup";
      case Tuple tuple -> "tuple";
      case Range range -> "range";
      case List<?> list -> "list";
      case Map<?, ?> map -> "dict";
      case DictView view ->
          switch (view.kind()) {
            case KEYS -> "dict_keys";
            case VALUES -> "dict_values";
            case ITEMS -> "dict_items";
          };
      case Lazy lazy -> lazy.typeName();
      case Undefined undefined -> "Undefined";
      case Namespace namespace -> "Namespace";
      case LoopContext loop -> "LoopContext";
      case MacroValue macro -> "Macro";
      default -> "function";
    };
  }

  static boolean truthy(Object value) {
    return switch (value) {
      case None none -> false;
      case Undefined undefined -> false;
      case Boolean bool -> bool;
      case Long number -> number != 0;
      case Double number -> number != 0;
      case String text -> !text.isEmpty();
      case Markup markup -> !markup.text().isEmpty();
      case List<?> list -> !list.isEmpty();
      case Map<?, ?> map -> !map.isEmpty();
      case DictView view -> !view.isEmpty();
      default -> true;
    };
  }

  static boolean isString(Object value) {
    return value instanceof String || value instanceof Markup;
  }

  /** The characters of a str, safe or not; anything else fails with the name of its place. */
  static String text(Object value, String place) {
    return switch (value) {
      case String text -> text;
      case Markup markup -> markup.text();
      case Undefined undefined -> throw undefined.failure();
      default -> throw new TemplateException(place + " is " + typeName(value) + ", expected str");
    };
  }

  /** An iterator over anything a for loop takes, or null for the rest. */
  static @Nullable Iterator<Object> iteratorOrNull(Object value) {
    return switch (value) {
      case String text -> characters(text);
      case Markup markup -> characters(markup.text());
      case Undefined undefined -> Collections.emptyIterator();
      case Map<?, ?> map -> new DictView(DictView.Kind.KEYS, map).iterator();
      case DictView view -> view.iterator();
      case List<?> list -> {
        @SuppressWarnings("unchecked") // every list of a template holds plain values
        Iterator<Object> items = (Iterator<Object>) list.iterator();
        yield items;
      }
      case Lazy lazy -> lazy.items();
      default -> null;
    };
  }

  static Iterator<Object> iterator(Object value) {
    Iterator<Object> items = iteratorOrNull(value);
    if (items == null) {
      throw new TemplateException("'" + typeName(value) + "' object is not iterable");
    }
    return items;
  }

  private static Iterator<Object> characters(String text) {
    IntFunction<Object> character = Character::toString;
    return text.codePoints().mapToObj(character).iterator();
  }

  /** All elements, counted as steps, in a list of their own. */
  static List<Object> list(Runtime runtime, Object value) {
    List<Object> items = new ArrayList<>();
    Iterator<Object> from = iterator(value);
    while (from.hasNext()) {
      runtime.step();
      items.add(from.next());
      runtime.checkItems(items.size());
    }
    return items;
  }

  /** Python's {@code len}, or -1 where it fails. */
  static int length(Object value) {
    return switch (value) {
      case String text -> PyString.length(text);
      case Markup markup -> PyString.length(markup.text());
      case Undefined undefined -> 0;
      case Map<?, ?> map -> map.size();
      case DictView view -> view.size();
      case List<?> list -> list.size();
      case LoopContext loop -> loop.length();
      default -> -1;
    };
  }
}
