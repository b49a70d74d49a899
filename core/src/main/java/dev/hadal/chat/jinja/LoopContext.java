package dev.hadal.chat.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code loop} variable; called, it renders a recursive loop's body for inner items. */
final class LoopContext implements Attributed, Routine {
  /** Renders the loop again, one level deeper. */
  interface Recursion {
    String render(Object items, int depth);
  }

  private final List<Object> items;
  private final int depth0;
  private final @Nullable Recursion recursion;
  private int index0 = -1;
  private @Nullable Object changedValue;

  LoopContext(List<Object> items, int depth0, @Nullable Recursion recursion) {
    this.items = items;
    this.depth0 = depth0;
    this.recursion = recursion;
  }

  void advance() {
    index0++;
  }

  int length() {
    return items.size();
  }

  String repr() {
    return "<LoopContext " + (index0 + 1) + "/" + items.size() + ">";
  }

  @Override
  public Object call(Runtime runtime, Arguments arguments) {
    if (recursion == null) {
      throw new TemplateException(
          "loop() needs a loop marked 'recursive', as in {% for x in items recursive %}");
    }
    return recursion.render(arguments.bind("loop", "iterable").required(0), depth0 + 1);
  }

  @Override
  public @Nullable Object attribute(Runtime runtime, String name) {
    return switch (name) {
      case "index" -> index0 + 1L;
      case "index0" -> (long) index0;
      case "revindex" -> (long) items.size() - index0;
      case "revindex0" -> items.size() - index0 - 1L;
      case "first" -> index0 == 0;
      case "last" -> index0 == items.size() - 1;
      case "length" -> (long) items.size();
      case "depth" -> depth0 + 1L;
      case "depth0" -> (long) depth0;
      case "previtem" ->
          index0 > 0 ? items.get(index0 - 1) : new Undefined("there is no previous item");
      case "nextitem" ->
          index0 + 1 < items.size()
              ? items.get(index0 + 1)
              : new Undefined("there is no next item");
      case "cycle" -> (Routine) (unused, arguments) -> cycle(arguments);
      case "changed" -> (Routine) (unused, arguments) -> changed(arguments);
      default -> null;
    };
  }

  private Object cycle(Arguments arguments) {
    List<Object> choices = arguments.positional();
    if (choices.isEmpty()) {
      throw new TemplateException("loop.cycle() needs something to cycle through");
    }
    return choices.get(index0 % choices.size());
  }

  private Object changed(Arguments arguments) {
    Object value = Tuple.of(arguments.positional());
    boolean changed = changedValue == null || !Comparison.equal(changedValue, value);
    changedValue = value;
    return changed;
  }
}
