package dev.hadal.chat.jinja;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/** What stands behind {@code is}. */
final class Tests {
  /** One test. */
  interface Test {
    boolean holds(Runtime runtime, Object value, Arguments arguments);
  }

  static final Map<String, Test> ALL = all();

  private Tests() {}

  private static Map<String, Test> all() {
    Map<String, Test> tests = new HashMap<>();
    plain(tests, "defined", value -> !(value instanceof Undefined));
    plain(tests, "undefined", value -> value instanceof Undefined);
    plain(tests, "none", value -> value == None.NONE);
    plain(tests, "boolean", value -> value instanceof Boolean);
    plain(tests, "true", value -> Objects.equals(value, true));
    plain(tests, "false", value -> Objects.equals(value, false));
    plain(tests, "integer", value -> Numbers.isInteger(value) && !(value instanceof Boolean));
    plain(tests, "float", value -> value instanceof Double);
    plain(tests, "number", Numbers::isNumber);
    plain(tests, "string", Values::isString);
    plain(tests, "mapping", value -> value instanceof Map);
    plain(
        tests,
        "iterable",
        value -> Values.iteratorOrNull(value) != null || value instanceof LoopContext);
    plain(tests, "sequence", Tests::isSequence);
    plain(tests, "callable", value -> value instanceof Routine || value instanceof Undefined);
    plain(tests, "escaped", value -> value instanceof Markup);
    plain(tests, "lower", Tests::isLower);
    plain(tests, "upper", Tests::isUpper);
    tests.put(
        "odd", (runtime, value, arguments) -> Comparison.equal(remainder(runtime, value, 2L), 1L));
    tests.put(
        "even", (runtime, value, arguments) -> Comparison.equal(remainder(runtime, value, 2L), 0L));
    plain(tests, "filter", value -> value instanceof String name && Filters.ALL.containsKey(name));
    plain(tests, "test", value -> value instanceof String name && Tests.isTest(name));
    tests.put(
        "divisibleby",
        (runtime, value, arguments) ->
            Comparison.equal(
                remainder(runtime, value, arguments.bind("divisibleby", "num").required(0)), 0L));
    tests.put(
        "sameas",
        (runtime, value, arguments) -> same(value, arguments.bind("sameas", "other").required(0)));
    compare(tests, "==", "==", "eq", "equalto");
    compare(tests, "!=", "!=", "ne");
    compare(tests, ">", ">", "gt", "greaterthan");
    compare(tests, ">=", ">=", "ge");
    compare(tests, "<", "<", "lt", "lessthan");
    compare(tests, "<=", "<=", "le");
    compare(tests, "in", "in");
    return Map.copyOf(tests);
  }

  private static void plain(Map<String, Test> tests, String name, Predicate<Object> test) {
    tests.put(
        name,
        (runtime, value, arguments) -> {
          arguments.bind("test '" + name + "'");
          return test.test(value);
        });
  }

  private static void compare(Map<String, Test> tests, String operator, String... names) {
    for (String name : names) {
      tests.put(
          name,
          (runtime, value, arguments) ->
              Comparison.compare(operator, value, arguments.bind(name, "other").required(0)));
    }
  }

  private static boolean isTest(String name) {
    return ALL.containsKey(name);
  }

  private static boolean isSequence(Object value) {
    return Values.isString(value)
        || value instanceof List
        || value instanceof Map
        || value instanceof Undefined;
  }

  private static boolean isLower(Object value) {
    String text = Printer.str(value);
    return text.equals(PyString.lower(text)) && !text.equals(PyString.upper(text));
  }

  private static boolean isUpper(Object value) {
    String text = Printer.str(value);
    return text.equals(PyString.upper(text)) && !text.equals(PyString.lower(text));
  }

  private static Object remainder(Runtime runtime, Object value, Object divisor) {
    return runtime.arithmetic().apply("%", value, divisor);
  }

  @SuppressWarnings("ReferenceEquality") // identity is what the test asks for
  private static boolean same(Object value, Object other) {
    boolean small = value instanceof Long || value instanceof Boolean || value instanceof String;
    return value == other || (small && value.equals(other));
  }
}
