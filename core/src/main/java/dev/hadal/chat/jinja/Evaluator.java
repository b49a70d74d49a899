package dev.hadal.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Evaluates expressions. */
final class Evaluator {
  private final Runtime runtime;

  Evaluator(Runtime runtime) {
    this.runtime = runtime;
  }

  Object evaluate(Expr expr, Scope scope) {
    runtime.enter();
    runtime.at(expr.line());
    Object value =
        switch (expr) {
          case Expr.Literal literal -> literal.value();
          case Expr.Name name -> name(name.name(), scope);
          case Expr.Attribute attribute ->
              Access.attribute(runtime, evaluate(attribute.target(), scope), attribute.name());
          case Expr.Item item -> item(item, scope);
          case Expr.Call call -> call(call, scope);
          case Expr.Filter filter -> filter(filter, scope, null);
          case Expr.Test test ->
              runtime.test(
                  test.name(), evaluate(test.target(), scope), arguments(test.arguments(), scope));
          case Expr.Compare compare -> compare(compare, scope);
          case Expr.Not not -> !truthy(not.operand(), scope);
          case Expr.And and -> {
            Object left = evaluate(and.left(), scope);
            yield Values.truthy(left) ? evaluate(and.right(), scope) : left;
          }
          case Expr.Or or -> {
            Object left = evaluate(or.left(), scope);
            yield Values.truthy(left) ? left : evaluate(or.right(), scope);
          }
          case Expr.Conditional conditional -> conditional(conditional, scope);
          case Expr.Binary binary ->
              runtime
                  .arithmetic()
                  .apply(
                      binary.operator(),
                      evaluate(binary.left(), scope),
                      evaluate(binary.right(), scope));
          case Expr.Negative negative ->
              runtime.arithmetic().negate(evaluate(negative.operand(), scope));
          case Expr.Positive positive ->
              runtime.arithmetic().positive(evaluate(positive.operand(), scope));
          case Expr.Concat concat -> concat(concat, scope);
          case Expr.ListLiteral list -> all(list.items(), scope);
          case Expr.TupleLiteral tuple -> Tuple.of(all(tuple.items(), scope));
          case Expr.DictLiteral dict -> dict(dict, scope);
          case Expr.Slice slice ->
              throw new TemplateException("a slice may only stand alone between [ and ]");
        };
    runtime.leave();
    return value;
  }

  boolean truthy(Expr expr, Scope scope) {
    return Values.truthy(evaluate(expr, scope));
  }

  private static Object name(String name, Scope scope) {
    Object value = scope.find(name);
    if (value == null) {
      value = Globals.ALL.get(name);
    }
    return value == null ? Undefined.variable(name) : value;
  }

  private Object item(Expr.Item item, Scope scope) {
    Object target = evaluate(item.target(), scope);
    if (item.key() instanceof Expr.Slice slice) {
      return Access.slice(
          runtime,
          target,
          bound(slice.start(), scope),
          bound(slice.stop(), scope),
          bound(slice.step(), scope));
    }
    return Access.item(runtime, target, evaluate(item.key(), scope));
  }

  private Object bound(@Nullable Expr expr, Scope scope) {
    return expr == null ? None.NONE : evaluate(expr, scope);
  }

  private Object call(Expr.Call call, Scope scope) {
    Object callee = evaluate(call.callee(), scope);
    Arguments arguments = arguments(call.arguments(), scope);
    runtime.at(call.line());
    return runtime.call(callee, arguments);
  }

  /** Calls with one more named argument, as call blocks do with their caller. */
  Object call(Expr.Call call, Scope scope, String name, Object value) {
    Object callee = evaluate(call.callee(), scope);
    Arguments given = arguments(call.arguments(), scope);
    Map<String, Object> named = new LinkedHashMap<>(given.named());
    named.put(name, value);
    return runtime.call(callee, new Arguments(given.positional(), named));
  }

  /** Applies a chain of filters; {@code text} is what a chain without a target works on. */
  Object filter(Expr.Filter filter, Scope scope, @Nullable String text) {
    Object value;
    if (filter.target() == null) {
      value = text == null ? "" : text;
    } else if (filter.target() instanceof Expr.Filter inner && text != null) {
      value = filter(inner, scope, text);
    } else {
      value = evaluate(filter.target(), scope);
    }
    Arguments arguments = arguments(filter.arguments(), scope);
    runtime.at(filter.line());
    return runtime.filter(filter.name(), value, arguments);
  }

  private boolean compare(Expr.Compare compare, Scope scope) {
    Object left = evaluate(compare.first(), scope);
    for (Expr.Comparison comparison : compare.rest()) {
      Object right = evaluate(comparison.right(), scope);
      if (right instanceof java.util.Collection<?> items) {
        runtime.step(items.size());
      }
      if (!Comparison.compare(comparison.operator(), left, right)) {
        return false;
      }
      left = right;
    }
    return true;
  }

  private Object conditional(Expr.Conditional conditional, Scope scope) {
    if (truthy(conditional.test(), scope)) {
      return evaluate(conditional.then(), scope);
    }
    return conditional.otherwise() == null
        ? new Undefined("the inline if-expression evaluated to false and no else was defined")
        : evaluate(conditional.otherwise(), scope);
  }

  private String concat(Expr.Concat concat, Scope scope) {
    StringBuilder joined = new StringBuilder();
    for (Expr part : concat.parts()) {
      joined.append(Printer.str(evaluate(part, scope)));
      runtime.checkChars(joined.length());
    }
    return joined.toString();
  }

  private List<Object> all(List<Expr> exprs, Scope scope) {
    List<Object> values = new ArrayList<>(exprs.size());
    for (Expr expr : exprs) {
      values.add(evaluate(expr, scope));
    }
    return values;
  }

  private Map<Object, Object> dict(Expr.DictLiteral dict, Scope scope) {
    Map<Object, Object> values = new LinkedHashMap<>();
    for (int i = 0; i < dict.keys().size(); i++) {
      Dicts.put(values, evaluate(dict.keys().get(i), scope), evaluate(dict.values().get(i), scope));
    }
    return values;
  }

  Arguments arguments(Expr.CallArguments arguments, Scope scope) {
    if (arguments.isEmpty()) {
      return Arguments.NONE;
    }
    List<Object> positional = all(arguments.positional(), scope);
    if (arguments.star() != null) {
      positional.addAll(Values.list(runtime, evaluate(arguments.star(), scope)));
    }
    Map<String, Object> named = new LinkedHashMap<>();
    for (Expr.Keyword keyword : arguments.named()) {
      put(named, keyword.name(), evaluate(keyword.value(), scope));
    }
    if (arguments.doubleStar() != null) {
      if (!(evaluate(arguments.doubleStar(), scope) instanceof Map<?, ?> map)) {
        throw new TemplateException("the argument after ** must be a mapping");
      }
      map.forEach((key, value) -> put(named, Values.text(key, "a keyword behind **"), value));
    }
    return new Arguments(positional, named);
  }

  private static void put(Map<String, Object> named, String name, Object value) {
    if (named.put(name, value) != null) {
      throw new TemplateException("two values for keyword argument '" + name + "'");
    }
  }
}
