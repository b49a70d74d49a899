package dev.hadal.chat.jinja;

import java.util.AbstractList;

/** Python's {@code range}: the integers start, start + step, ... in {@code size} steps. */
final class Range extends AbstractList<Object> {
  private static final int SANDBOX_ITEMS = 100_000;

  private final long start;
  private final long step;
  private final int size;

  private Range(long start, long step, int size) {
    this.start = start;
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
    return new Range(start, step, (int) Math.max(0, exact));
  }

  Range slice(int from, int stride, int count) {
    return new Range(start + step * from, step * stride, count);
  }

  @Override
  public Object get(int index) {
    return start + step * index;
  }

  @Override
  public int size() {
    return size;
  }

  String repr() {
    long stop = start + step * size;
    return "range(" + start + ", " + stop + (step == 1 ? "" : ", " + step) + ")";
  }
}
