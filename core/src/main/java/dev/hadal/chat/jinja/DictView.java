package dev.hadal.chat.jinja;

import java.util.AbstractCollection;
import java.util.Iterator;
import java.util.Map;

/**
 * What a dict's {@code keys()}, {@code values()} and {@code items()} give: sized, not indexable.
 */
final class DictView extends AbstractCollection<Object> {
  enum Kind {
    KEYS,
    VALUES,
    ITEMS
  }

  private final Kind kind;
  private final Map<?, ?> dict;

  DictView(Kind kind, Map<?, ?> dict) {
    this.kind = kind;
    this.dict = dict;
  }

  Kind kind() {
    return kind;
  }

  @Override
  public Iterator<Object> iterator() {
    Iterator<? extends Map.Entry<?, ?>> entries = dict.entrySet().iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return entries.hasNext();
      }

      @Override
      public Object next() {
        Map.Entry<?, ?> entry = entries.next();
        return switch (kind) {
          case KEYS -> entry.getKey();
          case VALUES -> entry.getValue();
          case ITEMS -> Tuple.of(entry.getKey(), entry.getValue());
        };
      }
    };
  }

  @Override
  public int size() {
    return dict.size();
  }
}
