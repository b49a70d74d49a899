package dev.hadal.chat.jinja;

/**
 * What a missing variable, attribute or item evaluates to: prints nothing, is false and empty, and
 * fails on any other use with the message that says what was missing.
 */
record Undefined(String message) {
  static Undefined variable(String name) {
    return new Undefined("'" + name + "' is undefined");
  }

  /** A missing attribute or item of a value. */
  static Undefined member(Object owner, Object key) {
    String type = owner == None.NONE ? "None" : Values.typeName(owner) + " object";
    return new Undefined(
        key instanceof String name
            ? "'" + type + "' has no attribute '" + name + "'"
            : type + " has no element " + Printer.repr(key));
  }

  /** An attribute the immutable sandbox does not give. */
  static Undefined unsafe(Object owner, String name) {
    return new Undefined(
        "access to attribute '%s' of '%s' object is unsafe."
            .formatted(name, Values.typeName(owner)));
  }

  TemplateException failure() {
    return new TemplateException(message);
  }
}
