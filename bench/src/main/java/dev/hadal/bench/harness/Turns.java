package dev.hadal.bench.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Measures in turn: A B A B. The machine's own speed wanders, so what counts is the median of the
 * ratios of neighbouring turns.
 */
public final class Turns {
  private Turns() {}

  /** What each side came to, round by round. One round more is run before them, to warm up. */
  public static <T> List<List<T>> take(int rounds, List<Supplier<T>> sides) {
    List<List<T>> all = new ArrayList<>();
    sides.forEach(side -> all.add(new ArrayList<>()));
    for (int round = 0; round <= rounds; round++) {
      for (int i = 0; i < sides.size(); i++) {
        T result = sides.get(i).get();
        if (round > 0) {
          all.get(i).add(result);
        }
      }
    }
    return all;
  }

  /** The first over the second, round by round. */
  public static List<Double> ratios(List<Double> of, List<Double> over) {
    return IntStream.range(0, of.size()).mapToObj(i -> of.get(i) / over.get(i)).toList();
  }

  public static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
