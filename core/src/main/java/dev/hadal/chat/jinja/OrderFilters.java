package dev.hadal.chat.jinja;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Filters that compare items: sort, dictsort, groupby, unique, min, max. */
final class OrderFilters {
  private OrderFilters() {}

  static void register(Map<String, Filter> filters) {
    filters.put("sort", OrderFilters::sort);
    filters.put("dictsort", OrderFilters::dictSort);
    filters.put("groupby", OrderFilters::groupBy);
    filters.put("unique", OrderFilters::unique);
    filters.put("min", (runtime, value, arguments) -> extreme(runtime, value, arguments, "min"));
    filters.put("max", (runtime, value, arguments) -> extreme(runtime, value, arguments, "max"));
  }

  private static Object folded(Object value, boolean caseSensitive) {
    return !caseSensitive && Values.isString(value) ? PyString.lower(Printer.str(value)) : value;
  }

  /** Stable, and in reverse stable too: equal items keep their order. */
  private static List<Object> sorted(
      Runtime runtime, List<Object> items, UnaryOperator<Object> key, boolean reverse) {
    record Keyed(Object key, Object item) {}
    List<Keyed> keyed = new ArrayList<>(items.size());
    for (Object item : items) {
      keyed.add(new Keyed(key.apply(item), item));
    }
    Comparator<Keyed> order =
        (a, b) -> {
          runtime.step();
          return Comparison.order(a.key(), b.key(), "<");
        };
    keyed.sort(reverse ? order.reversed() : order);
    List<Object> sorted = new ArrayList<>(items.size());
    keyed.forEach(entry -> sorted.add(entry.item()));
    return sorted;
  }

  private static Object sort(Runtime runtime, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("sort", "reverse", "case_sensitive", "attribute");
    boolean caseSensitive = bound.flag(1, false);
    List<List<Object>> paths = new ArrayList<>();
    if (Values.isString(bound.orNone(2))) {
      for (String one : bound.text(2).split(",", -1)) {
        paths.add(SelectionFilters.path(one));
      }
    } else {
      paths.add(SelectionFilters.path(bound.orNone(2)));
    }
    UnaryOperator<Object> key =
        item -> {
          List<Object> keys = new ArrayList<>();
          for (List<Object> path : paths) {
            keys.add(folded(runtime.path(item, path), caseSensitive));
          }
          return keys;
        };
    return sorted(runtime, Values.list(runtime, value), key, bound.flag(0, false));
  }

  private static Object dictSort(Runtime runtime, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("dictsort", "case_sensitive", "by", "reverse");
    String by = bound.text(1, "key");
    if (!by.equals("key") && !by.equals("value")) {
      throw new TemplateException("dictsort sorts by 'key' or 'value', not '" + by + "'");
    }
    if (value instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (!(value instanceof Map<?, ?> map)) {
      throw new TemplateException("dictsort needs a mapping, found " + Values.typeName(value));
    }
    int part = by.equals("key") ? 0 : 1;
    boolean caseSensitive = bound.flag(0, false);
    return sorted(
        runtime,
        Values.list(runtime, new DictView(DictView.Kind.ITEMS, map)),
        item -> folded(((Tuple) item).get(part), caseSensitive),
        bound.flag(2, false));
  }

  private static Object groupBy(Runtime runtime, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("groupby", "attribute", "default", "case_sensitive");
    List<Object> path = SelectionFilters.path(bound.required(0));
    Object otherwise = bound.orNone(1);
    boolean caseSensitive = bound.flag(2, false);
    UnaryOperator<Object> attribute = item -> SelectionFilters.at(runtime, item, path, otherwise);
    UnaryOperator<Object> key = item -> folded(attribute.apply(item), caseSensitive);
    List<Object> groups = new ArrayList<>();
    List<Object> group = new ArrayList<>();
    Object current = None.NONE;
    for (Object item : sorted(runtime, Values.list(runtime, value), key, false)) {
      Object itemKey = key.apply(item);
      if (!group.isEmpty() && !Comparison.equal(current, itemKey)) {
        groups.add(group(attribute, group));
        group = new ArrayList<>();
      }
      current = itemKey;
      group.add(item);
    }
    if (!group.isEmpty()) {
      groups.add(group(attribute, group));
    }
    return groups;
  }

  private static Tuple group(UnaryOperator<Object> attribute, List<Object> items) {
    return Tuple.named(List.of("grouper", "list"), attribute.apply(items.getFirst()), items);
  }

  private static Object unique(Runtime runtime, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("unique", "case_sensitive", "attribute");
    List<Object> path = SelectionFilters.path(bound.orNone(1));
    Set<Object> seen = new HashSet<>();
    List<Object> kept = new ArrayList<>();
    for (Object item : Values.list(runtime, value)) {
      Object key = folded(runtime.path(item, path), bound.flag(0, false));
      if (seen.add(Comparison.hashKey(key))) {
        kept.add(item);
      }
    }
    return Lazy.generator(kept.iterator());
  }

  private static Object extreme(Runtime runtime, Object value, Arguments arguments, String which) {
    Arguments.Bound bound = arguments.bind(which, "case_sensitive", "attribute");
    List<Object> path = SelectionFilters.path(bound.orNone(1));
    List<Object> items = Values.list(runtime, value);
    if (items.isEmpty()) {
      return new Undefined("No aggregated item, sequence was empty.");
    }
    Object best = items.getFirst();
    Object bestKey = folded(runtime.path(best, path), bound.flag(0, false));
    for (Object item : items.subList(1, items.size())) {
      Object key = folded(runtime.path(item, path), bound.flag(0, false));
      boolean better =
          which.equals("min")
              ? Comparison.compare("<", key, bestKey)
              : Comparison.compare(">", key, bestKey);
      if (better) {
        best = item;
        bestKey = key;
      }
    }
    return best;
  }
}
