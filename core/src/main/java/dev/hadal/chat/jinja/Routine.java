package dev.hadal.chat.jinja;

/** Anything a template can call: a global, a bound method, a macro, a loop. */
interface Routine {
  Object call(Runtime runtime, Arguments arguments);
}
