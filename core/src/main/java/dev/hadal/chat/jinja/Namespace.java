package dev.hadal.chat.jinja;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code namespace()} gives: the one value whose attributes a template may set. */
final class Namespace implements Attributed {
  private final Map<String, Object> attributes = new LinkedHashMap<>();

  void set(String name, Object value) {
    attributes.put(name, value);
  }

  Map<String, Object> attributes() {
    return attributes;
  }

  @Override
  public @Nullable Object attribute(Runtime runtime, String name) {
    return attributes.get(name);
  }
}
