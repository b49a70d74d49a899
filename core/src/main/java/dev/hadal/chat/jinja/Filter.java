package dev.hadal.chat.jinja;

/** What stands behind a {@code |}. */
interface Filter {
  Object apply(Runtime runtime, Object value, Arguments arguments);
}
