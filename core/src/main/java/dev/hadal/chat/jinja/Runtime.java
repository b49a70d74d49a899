package dev.hadal.chat.jinja;

import java.time.Clock;
import java.util.List;

/** One rendering: its limits and what was used of them, its clock, and how values are called. */
final class Runtime {
  private final Limits limits;
  private final Clock clock;
  private final Arithmetic arithmetic = new Arithmetic(this);
  private long steps;
  private long chars;
  private int depth;
  private int line = 1;

  Runtime(Limits limits, Clock clock) {
    this.limits = limits;
    this.clock = clock;
  }

  Clock clock() {
    return clock;
  }

  Arithmetic arithmetic() {
    return arithmetic;
  }

  int line() {
    return line;
  }

  void at(int newLine) {
    line = newLine;
    step();
  }

  void step() {
    step(1);
  }

  void step(long count) {
    steps += count;
    if (steps > limits.steps()) {
      throw new TemplateException("rendering takes more than " + limits.steps() + " steps");
    }
  }

  void enter() {
    if (++depth > limits.depth()) {
      throw new TemplateException(
          "evaluation is nested more than " + limits.depth() + " levels deep; endless recursion?");
    }
  }

  void leave() {
    depth--;
  }

  void checkItems(long size) {
    if (size > limits.items()) {
      throw new TemplateException("more than " + limits.items() + " items in one list");
    }
  }

  /** Asked before a string grows to that many characters. */
  void checkLength(long size) {
    if (size > limits.stringChars()) {
      throw new TemplateException(
          "a string of %d characters; at most %d".formatted(size, limits.stringChars()));
    }
  }

  /** Asked before a string of that many characters is made. */
  void checkChars(long size) {
    checkLength(size);
    chars += size;
    if (chars > limits.totalChars()) {
      throw new TemplateException(
          "strings of more than " + limits.totalChars() + " characters in all");
    }
  }

  /** The string, once counted. */
  String counted(String text) {
    checkChars(text.length());
    return text;
  }

  Object call(Object callee, Arguments arguments) {
    return switch (callee) {
      case Routine routine -> {
        enter();
        Object result = routine.call(this, arguments);
        leave();
        yield result;
      }
      case Undefined undefined -> throw undefined.failure();
      default ->
          throw new TemplateException("'" + Values.typeName(callee) + "' object is not callable");
    };
  }

  Object filter(String name, Object value, Arguments arguments) {
    Filter filter = Filters.ALL.get(name);
    if (filter == null) {
      throw new TemplateException("no filter named '" + name + "'");
    }
    step();
    return filter.apply(this, value, arguments);
  }

  boolean test(String name, Object value, Arguments arguments) {
    Tests.Test test = Tests.ALL.get(name);
    if (test == null) {
      throw new TemplateException("no test named '" + name + "'");
    }
    step();
    return test.holds(this, value, arguments);
  }

  /** Values of a path such as "function.name" or "0.id", looked up step by step. */
  Object path(Object value, List<Object> path) {
    Object at = value;
    for (Object key : path) {
      at = Access.item(this, at, key);
    }
    return at;
  }
}
