package dev.hadal.chat.jinja;

import java.util.AbstractList;
import org.jspecify.annotations.Nullable;

/** Python's {@code range}: the integers start, start + step, ... in {@code size} steps. */
final class Range extends AbstractList<Object> implements Attributed {
  private static final int SANDBOX_ITEMS = 100_000;

  private final long start;
  private final long stop;
  private final long step;
  private final int size;

  private Range(long start, long stop, long step, int size) {
    this.start = start;
    this.stop = stop;
    this.step = step;
    this.size = size;
  }

  static Range of(long start, long stop, long step) {
    if (step == 0) {
      throw new TemplateException("range() arg 3 must not be zero");
    }
    double exact = Math.ceil(((double) stop - (double) start) / (double) step);
    if (exact > SANDBOX_ITEMS) {
      throw new TemplateException(
          "range of %.0f items; a template's range may have at most %d"
              .formatted(exact, SANDBOX_ITEMS));
    }
    return new Range(start, stop, step, (int) Math.max(0, exact));
  }

  Range slice(int from, int to, int stride, int count) {
    return new Range(start + step * from, start + step * to, step * stride, count);
  }

  @Override
  public Object get(int index) {
    return start + step * index;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public @Nullable Object attribute(Runtime runtime, String name) {
    return switch (name) {
      case "start" -> start;
      case "stop" -> stop;
      case "step" -> step;
      default -> null;
    };
  }

  String repr() {
    return "range(" + start + ", " + stop + (step == 1 ? "" : ", " + step) + ")";
  }
}
