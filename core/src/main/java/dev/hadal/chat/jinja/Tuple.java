package dev.hadal.chat.jinja;

import java.util.AbstractList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Python tuple: a list that prints with parentheses and equals only tuples; may name its fields.
 */
final class Tuple extends AbstractList<Object> implements Attributed {
  private final List<Object> items;
  private final List<String> names;

  private Tuple(List<Object> items, List<String> names) {
    this.items = items;
    this.names = names;
  }

  static Tuple of(Object... items) {
    return new Tuple(List.of(items), List.of());
  }

  static Tuple of(List<Object> items) {
    return new Tuple(items, List.of());
  }

  /** A named tuple, as {@code groupby} gives. */
  static Tuple named(List<String> names, Object... items) {
    return new Tuple(List.of(items), names);
  }

  @Override
  public Object get(int index) {
    return items.get(index);
  }

  @Override
  public int size() {
    return items.size();
  }

  @Override
  public @Nullable Object attribute(Runtime runtime, String name) {
    int index = names.indexOf(name);
    return index < 0 ? null : items.get(index);
  }
}
