package dev.hadal.chat.jinja;

import java.util.HashMap;
import java.util.Map;

/** All filters by name. */
final class Filters {
  static final Map<String, Filter> ALL = all();

  private Filters() {}

  private static Map<String, Filter> all() {
    Map<String, Filter> filters = new HashMap<>();
    TextFilters.register(filters);
    HtmlFilters.register(filters);
    NumberFilters.register(filters);
    SequenceFilters.register(filters);
    OrderFilters.register(filters);
    SelectionFilters.register(filters);
    ValueFilters.register(filters);
    return Map.copyOf(filters);
  }
}
