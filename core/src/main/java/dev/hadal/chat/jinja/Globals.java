package dev.hadal.chat.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions a template finds without being given them. */
final class Globals {
  static final Map<String, Routine> ALL =
      Map.of(
          "range", Globals::range,
          "dict", Globals::dict,
          "namespace", Globals::namespace,
          "cycler", (runtime, arguments) -> new Cycler(arguments.positional()),
          "joiner", Globals::joiner,
          "raise_exception", Globals::raise,
          "strftime_now", Globals::strftimeNow);

  private Globals() {}

  private static Object range(Runtime runtime, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("range", "start", "stop", "step");
    return bound.has(1)
        ? Range.of(bound.integer(0), bound.integer(1), bound.integer(2, 1))
        : Range.of(0, bound.integer(0), 1);
  }

  private static Object dict(Runtime runtime, Arguments arguments) {
    Map<Object, Object> dict = new LinkedHashMap<>();
    if (!arguments.positional().isEmpty()) {
      Object from = arguments.positional().getFirst();
      if (from instanceof Map<?, ?> map) {
        dict.putAll(map);
      } else {
        for (Object pair : Values.list(runtime, from)) {
          List<Object> entry = Values.list(runtime, pair);
          if (entry.size() != 2) {
            throw new TemplateException("dict() needs pairs, found " + entry.size() + " values");
          }
          Dicts.put(dict, entry.getFirst(), entry.getLast());
        }
      }
    }
    dict.putAll(arguments.named());
    return dict;
  }

  private static Object namespace(Runtime runtime, Arguments arguments) {
    Namespace namespace = new Namespace();
    Map<?, ?> values = (Map<?, ?>) dict(runtime, arguments);
    values.forEach((name, value) -> namespace.set(Printer.str(name), value));
    return namespace;
  }

  private static Object joiner(Runtime runtime, Arguments arguments) {
    Object separator = arguments.bind("joiner", "sep").or(0, ", ");
    boolean[] used = {false};
    return (Routine)
        (unused, none) -> {
          if (used[0]) {
            return separator;
          }
          used[0] = true;
          return "";
        };
  }

  private static Object raise(Runtime runtime, Arguments arguments) {
    throw TemplateException.raised(
        Printer.str(arguments.bind("raise_exception", "message").required(0)));
  }

  private static Object strftimeNow(Runtime runtime, Arguments arguments) {
    return Strftime.format(
        arguments.bind("strftime_now", "format").text(0),
        java.time.ZonedDateTime.now(runtime.clock()));
  }

  private static final class Cycler implements Attributed {
    private final List<Object> items;
    private int at;

    Cycler(List<Object> items) {
      if (items.isEmpty()) {
        throw new TemplateException("cycler() needs at least one item");
      }
      this.items = items;
    }

    @Override
    public @Nullable Object attribute(Runtime runtime, String name) {
      return switch (name) {
        case "current" -> items.get(at);
        case "next" ->
            (Routine)
                (unused, arguments) -> {
                  Object current = items.get(at);
                  at = (at + 1) % items.size();
                  return current;
                };
        case "reset" ->
            (Routine)
                (unused, arguments) -> {
                  at = 0;
                  return None.NONE;
                };
        default -> null;
      };
    }
  }
}
