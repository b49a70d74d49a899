package dev.hadal.chat.jinja;

import java.util.Iterator;

/**
 * A Python generator, as {@code map}, {@code select} and others give: read once, without length.
 */
record Lazy(String typeName, Iterator<Object> items) {
  static Lazy generator(Iterator<Object> items) {
    return new Lazy("generator", items);
  }
}
