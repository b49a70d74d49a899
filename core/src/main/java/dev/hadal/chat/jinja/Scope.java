package dev.hadal.chat.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The names visible at one place; an inner scope sees the outer, and sets only its own. */
final class Scope {
  private final @Nullable Scope outer;
  private final Map<String, Object> names;

  private Scope(@Nullable Scope outer, Map<String, Object> names) {
    this.outer = outer;
    this.names = names;
  }

  static Scope root(Map<String, Object> variables) {
    return new Scope(null, variables);
  }

  Scope inner() {
    return new Scope(this, new HashMap<>());
  }

  void set(String name, Object value) {
    names.put(name, value);
  }

  @Nullable Object find(String name) {
    for (Scope scope = this; scope != null; scope = scope.outer) {
      Object value = scope.names.get(name);
      if (value != null) {
        return value;
      }
    }
    return null;
  }
}
