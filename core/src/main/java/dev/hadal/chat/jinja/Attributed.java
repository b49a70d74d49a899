package dev.hadal.chat.jinja;

import org.jspecify.annotations.Nullable;

/** A value of the interpreter's own that has attributes ({@code loop}, a namespace, a macro). */
interface Attributed {
  /** The attribute's value, or null when there is none of that name. */
  @Nullable Object attribute(Runtime runtime, String name);
}
