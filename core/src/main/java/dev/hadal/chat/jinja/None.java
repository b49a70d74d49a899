package dev.hadal.chat.jinja;

/** Python's None; inside the interpreter no value is a Java null. */
enum None {
  NONE
}
