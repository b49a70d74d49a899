package dev.hadal.chat.jinja;

import java.util.Map;

/**
 * Building dicts by Python's rule that equal keys are one: the first key stays, the last value
 * wins.
 */
final class Dicts {
  private Dicts() {}

  static void put(Map<Object, Object> dict, Object key, Object value) {
    Object wanted = Comparison.hashKey(key);
    if (!(wanted instanceof String) && Comparison.lookup(dict, key) != null) {
      for (Map.Entry<Object, Object> entry : dict.entrySet()) {
        if (Comparison.hashKey(entry.getKey()).equals(wanted)) {
          entry.setValue(value);
        }
      }
      return;
    }
    dict.put(key instanceof Markup ? wanted : key, value);
  }
}
