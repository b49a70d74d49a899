package dev.hadal.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** A set of Unicode code points, surrogates left out: ranges, both ends included, ascending. */
record CodePoints(List<Range> ranges) {
  private static final int LAST = Character.MAX_CODE_POINT;

  static final CodePoints NONE = new CodePoints(List.of());
  static final CodePoints ALL = range(0, LAST);

  record Range(int low, int high) {}

  static CodePoints range(int low, int high) {
    List<Range> result = new ArrayList<>();
    add(result, low, Math.min(high, 0xD7FF));
    add(result, Math.max(low, 0xE000), high);
    return new CodePoints(List.copyOf(result));
  }

  static CodePoints of(int... points) {
    CodePoints result = NONE;
    for (int point : points) {
      result = result.or(range(point, point));
    }
    return result;
  }

  static CodePoints where(IntPredicate member) {
    List<Range> result = new ArrayList<>();
    for (int point = 0; point <= LAST; point++) {
      if (member.test(point) && !(point >= 0xD800 && point <= 0xDFFF)) {
        add(result, point, point);
      }
    }
    return new CodePoints(List.copyOf(result));
  }

  private static void add(List<Range> to, int low, int high) {
    if (low > high) {
      return;
    }
    if (!to.isEmpty() && to.getLast().high >= low - 1) {
      Range last = to.removeLast();
      to.add(new Range(last.low, Math.max(last.high, high)));
    } else {
      to.add(new Range(low, high));
    }
  }

  CodePoints or(CodePoints other) {
    List<Range> all = new ArrayList<>(ranges);
    all.addAll(other.ranges);
    all.sort((x, y) -> Integer.compare(x.low, y.low));
    List<Range> result = new ArrayList<>();
    all.forEach(r -> add(result, r.low, r.high));
    return new CodePoints(List.copyOf(result));
  }

  CodePoints not() {
    CodePoints result = NONE;
    List<Range> gaps = new ArrayList<>();
    int from = 0;
    for (Range range : ranges) {
      gaps.addAll(range(from, range.low - 1).ranges);
      from = range.high + 1;
    }
    gaps.addAll(range(from, LAST).ranges);
    return result.or(new CodePoints(gaps));
  }

  CodePoints and(CodePoints other) {
    return not().or(other.not()).not();
  }

  boolean contains(int point) {
    return ranges.stream().anyMatch(r -> r.low <= point && point <= r.high);
  }
}
