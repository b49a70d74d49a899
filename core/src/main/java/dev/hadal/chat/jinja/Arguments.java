package dev.hadal.chat.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The evaluated arguments of one call. */
record Arguments(List<Object> positional, Map<String, Object> named) {
  static final Arguments NONE = new Arguments(List.of(), Map.of());

  static Arguments of(Object... positional) {
    return new Arguments(List.of(positional), Map.of());
  }

  /** Without the first positional ones. */
  Arguments rest(int from) {
    return new Arguments(positional.subList(from, positional.size()), named);
  }

  /** The arguments by parameter; unknown, doubled and surplus ones fail. */
  Bound bind(String callee, String... parameters) {
    @Nullable Object[] values = new @Nullable Object[parameters.length];
    if (positional.size() > parameters.length) {
      throw new TemplateException(
          "%s takes at most %d arguments, given %d"
              .formatted(callee, parameters.length, positional.size()));
    }
    for (int i = 0; i < positional.size(); i++) {
      values[i] = positional.get(i);
    }
    named.forEach((name, value) -> values[freeParameter(callee, parameters, values, name)] = value);
    return new Bound(callee, parameters, values);
  }

  private static int freeParameter(
      String callee, String[] parameters, @Nullable Object[] values, String name) {
    for (int i = 0; i < parameters.length; i++) {
      if (parameters[i].equals(name)) {
        if (values[i] != null) {
          throw new TemplateException(callee + " got two values for argument '" + name + "'");
        }
        return i;
      }
    }
    throw new TemplateException(callee + " takes no argument '" + name + "'");
  }

  /** Arguments by position of their parameter; None counts as given. */
  static final class Bound {
    private final String callee;
    private final String[] parameters;
    private final @Nullable Object[] values;

    private Bound(String callee, String[] parameters, @Nullable Object[] values) {
      this.callee = callee;
      this.parameters = parameters;
      this.values = values;
    }

    boolean has(int i) {
      return values[i] != null;
    }

    Object required(int i) {
      Object value = values[i];
      if (value == null) {
        throw new TemplateException(callee + " needs an argument '" + parameters[i] + "'");
      }
      return value;
    }

    Object or(int i, Object otherwise) {
      Object value = values[i];
      return value == null ? otherwise : value;
    }

    /** As {@link #or} with None for an absent one. */
    Object orNone(int i) {
      return or(i, None.NONE);
    }

    boolean flag(int i, boolean otherwise) {
      return Values.truthy(or(i, otherwise));
    }

    int integer(int i, int otherwise) {
      return has(i) ? integer(i) : otherwise;
    }

    int integer(int i) {
      return Numbers.index(required(i), callee + " argument '" + parameters[i] + "'");
    }

    String text(int i) {
      return Values.text(required(i), callee + " argument '" + parameters[i] + "'");
    }

    String text(int i, String otherwise) {
      return has(i) ? text(i) : otherwise;
    }
  }
}
