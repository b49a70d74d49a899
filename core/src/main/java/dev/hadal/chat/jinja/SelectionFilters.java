package dev.hadal.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Filters item by item, lazily: map, select, reject, selectattr, rejectattr. */
final class SelectionFilters {
  private SelectionFilters() {}

  static void register(Map<String, Filter> filters) {
    filters.put("map", SelectionFilters::map);
    filters.put("select", (runtime, value, arguments) -> keep(runtime, value, arguments, 0, true));
    filters.put("reject", (runtime, value, arguments) -> keep(runtime, value, arguments, 0, false));
    filters.put(
        "selectattr", (runtime, value, arguments) -> keep(runtime, value, arguments, 1, true));
    filters.put(
        "rejectattr", (runtime, value, arguments) -> keep(runtime, value, arguments, 1, false));
  }

  /** "function.name" as its steps; a part of digits is an index. None is the empty path. */
  static List<Object> path(Object attribute) {
    if (attribute == None.NONE) {
      return List.of();
    }
    if (!Values.isString(attribute)) {
      return List.of(attribute);
    }
    List<Object> path = new ArrayList<>();
    for (String part : Printer.str(attribute).split("\\.", -1)) {
      boolean index =
          !part.isEmpty() && part.length() < 10 && part.chars().allMatch(Character::isDigit);
      path.add(index ? (Object) Long.valueOf(part) : part);
    }
    return path;
  }

  /** The value at the path, the default standing in for anything undefined on the way. */
  static Object at(Runtime runtime, Object item, List<Object> path, Object otherwise) {
    Object at = item;
    for (Object key : path) {
      at = Access.item(runtime, at, key);
      if (at instanceof Undefined && otherwise != None.NONE) {
        at = otherwise;
      }
    }
    return at;
  }

  private static Object map(Runtime runtime, Object value, Arguments arguments) {
    UnaryOperator<Object> change;
    if (arguments.positional().isEmpty()) {
      Arguments.Bound bound = arguments.bind("map", "attribute", "default");
      List<Object> path = path(bound.required(0));
      Object otherwise = bound.orNone(1);
      change = item -> at(runtime, item, path, otherwise);
    } else {
      String name = Values.text(arguments.positional().getFirst(), "map's filter name");
      Arguments rest = arguments.rest(1);
      change = item -> runtime.filter(name, item, rest);
    }
    if (!Values.truthy(value)) {
      return Lazy.generator(Collections.emptyIterator());
    }
    Iterator<Object> items = Values.iterator(value);
    return Lazy.generator(
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return items.hasNext();
          }

          @Override
          public Object next() {
            return change.apply(items.next());
          }
        });
  }

  private static Object keep(
      Runtime runtime, Object value, Arguments arguments, int testAt, boolean wanted) {
    List<Object> positional = arguments.positional();
    if (positional.size() < testAt) {
      throw new TemplateException("selectattr and rejectattr need the name of an attribute");
    }
    List<Object> path = testAt == 0 ? List.of() : path(positional.getFirst());
    Predicate<Object> test;
    if (positional.size() > testAt) {
      String name = Values.text(positional.get(testAt), "the name of a test");
      Arguments rest = arguments.rest(testAt + 1);
      test = item -> runtime.test(name, item, rest);
    } else {
      test = Values::truthy;
    }
    if (!Values.truthy(value)) {
      return Lazy.generator(Collections.emptyIterator());
    }
    Iterator<Object> items = Values.iterator(value);
    return Lazy.generator(
        new Kept(items, item -> test.test(runtime.path(item, path)) == wanted, runtime));
  }

  /** The items for which a condition holds, found when asked for. */
  private static final class Kept implements Iterator<Object> {
    private final Iterator<Object> items;
    private final Predicate<Object> condition;
    private final Runtime runtime;
    private Object next = None.NONE;
    private boolean found;

    Kept(Iterator<Object> items, Predicate<Object> condition, Runtime runtime) {
      this.items = items;
      this.condition = condition;
      this.runtime = runtime;
    }

    @Override
    public boolean hasNext() {
      while (!found && items.hasNext()) {
        runtime.step();
        next = items.next();
        found = condition.test(next);
      }
      return found;
    }

    @Override
    public Object next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      found = false;
      return next;
    }
  }
}
