package dev.hadal.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Filters on sequences as a whole: first, last, join, list, items, reverse, batch, slice. */
final class SequenceFilters {
  private SequenceFilters() {}

  static void register(Map<String, Filter> filters) {
    filters.put("first", (runtime, value, arguments) -> first(value));
    filters.put("last", (runtime, value, arguments) -> last(value));
    filters.put("list", (runtime, value, arguments) -> Values.list(runtime, value));
    filters.put("join", SequenceFilters::join);
    filters.put("items", (runtime, value, arguments) -> items(value));
    filters.put("reverse", (runtime, value, arguments) -> reverse(runtime, value));
    filters.put("batch", SequenceFilters::batch);
    filters.put("slice", SequenceFilters::slice);
    filters.put(
        "random",
        (runtime, value, arguments) -> {
          throw new TemplateException("'random' is not available: a prompt must be reproducible");
        });
  }

  private static Object first(Object value) {
    Iterator<Object> items = Values.iterator(value);
    return items.hasNext() ? items.next() : new Undefined("No first item, sequence was empty.");
  }

  private static Object last(Object value) {
    if (value instanceof Lazy) {
      throw new TemplateException("'" + Values.typeName(value) + "' object is not reversible");
    }
    Object last = new Undefined("No last item, sequence was empty.");
    if (value instanceof List<?> list) {
      return list.isEmpty() ? last : list.getLast();
    }
    Iterator<Object> items = Values.iterator(value);
    while (items.hasNext()) {
      last = items.next();
    }
    return last;
  }

  private static Object join(Runtime runtime, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("join", "d", "attribute");
    String separator = Printer.str(bound.or(0, ""));
    List<Object> path = SelectionFilters.path(bound.orNone(1));
    StringBuilder out = new StringBuilder();
    Iterator<Object> items = Values.iterator(value);
    for (boolean first = true; items.hasNext(); first = false) {
      runtime.step();
      out.append(first ? "" : separator).append(Printer.str(runtime.path(items.next(), path)));
      runtime.checkLength(out.length());
    }
    return runtime.counted(out.toString());
  }

  private static Object items(Object value) {
    if (value instanceof Undefined) {
      return Lazy.generator(Collections.emptyIterator());
    }
    if (!(value instanceof Map<?, ?> map)) {
      throw new TemplateException("items needs a mapping, found " + Values.typeName(value));
    }
    return Lazy.generator(new DictView(DictView.Kind.ITEMS, map).iterator());
  }

  private static Object reverse(Runtime runtime, Object value) {
    if (value instanceof Markup markup) {
      return new Markup(new StringBuilder(markup.text()).reverse().toString());
    }
    if (value instanceof String text) {
      return new StringBuilder(text).reverse().toString();
    }
    List<Object> items = Values.list(runtime, value);
    Collections.reverse(items);
    return value instanceof Lazy
        ? items
        : new Lazy(
            switch (value) {
              case Range range -> "range_iterator";
              case Tuple tuple -> "reversed";
              case List<?> list -> "list_reverseiterator";
              default -> "dict_reversekeyiterator";
            },
            items.iterator());
  }

  private static Object batch(Runtime runtime, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("batch", "linecount", "fill_with");
    int size = bound.integer(0);
    List<Object> batches = new ArrayList<>();
    List<Object> current = new ArrayList<>();
    for (Object item : Values.list(runtime, value)) {
      if (current.size() == size) {
        batches.add(current);
        current = new ArrayList<>();
      }
      current.add(item);
    }
    if (!current.isEmpty()) {
      fill(runtime, current, size, bound.orNone(1));
      batches.add(current);
    }
    return Lazy.generator(batches.iterator());
  }

  private static void fill(Runtime runtime, List<Object> items, int size, Object with) {
    runtime.checkItems(size);
    while (with != None.NONE && items.size() < size) {
      items.add(with);
    }
  }

  private static Object slice(Runtime runtime, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("slice", "slices", "fill_with");
    int slices = bound.integer(0);
    List<Object> items = Values.list(runtime, value);
    if (slices == 0) {
      throw new TemplateException("integer division or modulo by zero");
    }
    runtime.checkItems(slices);
    List<Object> cut = new ArrayList<>();
    int each = slices < 0 ? 0 : items.size() / slices;
    int longer = slices < 0 ? 0 : items.size() % slices;
    int from = 0;
    for (int i = 0; i < slices; i++) {
      int to = from + each + (i < longer ? 1 : 0);
      List<Object> part = new ArrayList<>(items.subList(from, to));
      if (i >= longer && bound.orNone(1) != None.NONE) {
        part.add(bound.orNone(1));
      }
      cut.add(part);
      from = to;
    }
    return Lazy.generator(cut.iterator());
  }
}
