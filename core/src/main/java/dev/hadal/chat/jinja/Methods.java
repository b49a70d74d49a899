package dev.hadal.chat.jinja;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The methods of Python's built-in types. Those that change a list or dict the sandbox refuses. */
final class Methods {
  private static final Set<String> LIST_CHANGES =
      Set.of("append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove");
  private static final Set<String> DICT_CHANGES =
      Set.of("clear", "pop", "popitem", "setdefault", "update");

  private Methods() {}

  /** The bound method of that name, or null. */
  static @Nullable Object of(Object value, String name) {
    return switch (value) {
      case String text -> StringMethods.of(text, name);
      case Markup markup -> ofMarkup(markup, name);
      case Map<?, ?> dict -> ofDict(dict, name);
      case Tuple tuple -> ofSequence(tuple, name);
      case Range range ->
          switch (name) {
            case "count", "index" -> ofSequence(range, name);
            default -> null;
          };
      case List<?> list -> {
        if (LIST_CHANGES.contains(name)) {
          yield Undefined.unsafe(list, name);
        }
        yield name.equals("copy") ? returning("copy", list) : ofSequence(list, name);
      }
      case Boolean bool -> ofNumber(bool, name);
      case Long number -> ofNumber(number, name);
      case Double number ->
          name.equals("is_integer")
              ? returning(name, number == Math.rint(number) && !number.isInfinite())
              : ofNumber(number, name);
      default -> null;
    };
  }

  private static @Nullable Object ofMarkup(Markup markup, String name) {
    Routine method = StringMethods.of(markup.text(), name);
    if (method == null) {
      return switch (name) {
        case "striptags" -> returning(name, HtmlFilters.stripTags(markup.text()));
        case "unescape" -> returning(name, HtmlFilters.unescape(markup.text()));
        default -> null;
      };
    }
    return (Routine)
        (runtime, arguments) ->
            method.call(runtime, arguments) instanceof String text
                ? new Markup(text)
                : method.call(runtime, arguments);
  }

  private static @Nullable Object ofNumber(Object number, String name) {
    return switch (name) {
      case "real", "numerator" -> number instanceof Boolean bool ? (bool ? 1L : 0L) : number;
      case "imag" -> number instanceof Double ? (Object) 0.0 : (Object) 0L;
      case "bit_length" ->
          number instanceof Double
              ? null
              : returning(name, (long) Numbers.big(number).abs().bitLength());
      default -> null;
    };
  }

  private static Routine returning(String name, Object result) {
    return (runtime, arguments) -> {
      arguments.bind(name);
      return result;
    };
  }

  private static @Nullable Object ofSequence(List<?> list, String name) {
    return switch (name) {
      case "count" ->
          (Routine)
              (runtime, arguments) -> {
                Object wanted = arguments.bind(name, "value").required(0);
                runtime.step(list.size());
                return list.stream().filter(item -> Comparison.equal(item, wanted)).count();
              };
      case "index" -> (Routine) (runtime, arguments) -> indexOf(runtime, list, arguments);
      default -> null;
    };
  }

  private static Object indexOf(Runtime runtime, List<?> list, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("index", "value", "start", "stop");
    Object wanted = bound.required(0);
    int size = list.size();
    int start = Math.max(0, fromEnd(bound.integer(1, 0), size));
    int stop = Math.min(size, fromEnd(bound.integer(2, size), size));
    runtime.step(size);
    Iterator<?> items = list.iterator();
    for (int i = 0; i < stop; i++) {
      Object item = items.next();
      if (i >= start && Comparison.equal(item, wanted)) {
        return (long) i;
      }
    }
    throw new TemplateException(Printer.repr(wanted) + " is not in list");
  }

  private static int fromEnd(int index, int size) {
    return index < 0 ? index + size : index;
  }

  private static @Nullable Object ofDict(Map<?, ?> dict, String name) {
    if (DICT_CHANGES.contains(name)) {
      return Undefined.unsafe(dict, name);
    }
    return switch (name) {
      case "keys" -> returning(name, new DictView(DictView.Kind.KEYS, dict));
      case "values" -> returning(name, new DictView(DictView.Kind.VALUES, dict));
      case "items" -> returning(name, new DictView(DictView.Kind.ITEMS, dict));
      case "copy" -> returning(name, dict);
      case "get" ->
          (Routine)
              (runtime, arguments) -> {
                Arguments.Bound bound = arguments.bind(name, "key", "default");
                Object found = Comparison.lookup(dict, bound.required(0));
                return found == null ? bound.orNone(1) : found;
              };
      case "fromkeys" ->
          (Routine)
              (runtime, arguments) -> {
                Arguments.Bound bound = arguments.bind(name, "iterable", "value");
                Map<Object, Object> made = new LinkedHashMap<>();
                for (Object key : Values.list(runtime, bound.required(0))) {
                  Dicts.put(made, key, bound.orNone(1));
                }
                return made;
              };
      default -> null;
    };
  }
}
