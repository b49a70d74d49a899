package dev.hadal.chat.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A macro as a value: its parameters are bound and its body rendered in the scope it was made in.
 */
final class MacroValue implements Attributed, Routine {
  private final String name;
  private final Stmt.Signature signature;
  private final List<Stmt> body;
  private final Scope scope;
  private final Renderer renderer;

  MacroValue(
      String name, Stmt.Signature signature, List<Stmt> body, Scope scope, Renderer renderer) {
    this.name = name;
    this.signature = signature;
    this.body = body;
    this.scope = scope;
    this.renderer = renderer;
  }

  String repr() {
    return name.isEmpty() ? "<Macro anonymous>" : "<Macro '" + name + "'>";
  }

  @Override
  public Object call(Runtime runtime, Arguments arguments) {
    return renderer.capture(body, bind(arguments));
  }

  private Scope bind(Arguments arguments) {
    Scope inner = scope.inner();
    List<String> parameters = signature.parameters();
    List<Object> positional = arguments.positional();
    Map<String, Object> named = new LinkedHashMap<>(arguments.named());
    int firstDefault = parameters.size() - signature.defaults().size();
    for (int i = 0; i < parameters.size(); i++) {
      String parameter = parameters.get(i);
      Object value = i < positional.size() ? positional.get(i) : named.remove(parameter);
      if (value == null) {
        value =
            i >= firstDefault
                ? renderer.evaluate(signature.defaults().get(i - firstDefault), inner)
                : new Undefined("parameter '" + parameter + "' was not provided");
      }
      inner.set(parameter, value);
    }
    if (signature.caller()) {
      Object caller = named.remove("caller");
      inner.set("caller", caller == null ? new Undefined("No caller defined") : caller);
    }
    if (signature.kwargs()) {
      inner.set("kwargs", named);
    } else if (!named.isEmpty()) {
      throw new TemplateException(
          "macro '%s' takes no keyword argument '%s'"
              .formatted(name, named.keySet().iterator().next()));
    }
    int surplus = Math.min(parameters.size(), positional.size());
    if (signature.varargs()) {
      inner.set("varargs", Tuple.of(List.copyOf(positional.subList(surplus, positional.size()))));
    } else if (positional.size() > parameters.size()) {
      throw new TemplateException(
          "macro '%s' takes not more than %d argument(s), given %d"
              .formatted(name, parameters.size(), positional.size()));
    }
    return inner;
  }

  @Override
  public @Nullable Object attribute(Runtime runtime, String attribute) {
    return switch (attribute) {
      case "name" -> name.isEmpty() ? None.NONE : name;
      case "arguments" -> Tuple.of(List.<Object>copyOf(signature.parameters()));
      case "catch_kwargs" -> signature.kwargs();
      case "catch_varargs" -> signature.varargs();
      case "caller" -> signature.caller();
      default -> null;
    };
  }
}
