package dev.hadal.bench.serving;

import dev.hadal.bench.harness.ModelFile;
import dev.hadal.bench.harness.Turns;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Something measured beside what it is compared with, round by round.
 *
 * @param unit of both sides
 * @param before the side that is compared with
 * @param after the side that something is promised of
 * @param most what the value may come to; infinite where nothing is promised
 */
record Promise(
    String name,
    String unit,
    List<Double> before,
    List<Double> after,
    Meaning meaning,
    double most) {

  /** What the two sides are compared by. */
  enum Meaning {
    /** The part of a speed that is lost. */
    LOST("%.1f %% lost", 100),
    /** A time as a part of another. */
    PART("%.1f %%", 100),
    /** How many times as much. */
    TIMES("%.2f ×", 1);

    private final String format;
    private final double shown;

    Meaning(String format, double shown) {
      this.format = format;
      this.shown = shown;
    }

    private double of(double ratio) {
      return this == LOST ? 1 - ratio : ratio;
    }

    private String show(double value) {
      return String.format(Locale.ROOT, format, value * shown);
    }
  }

  /** By the median of the rounds' ratios. */
  double value() {
    return meaning.of(Turns.median(Turns.ratios(after, before)));
  }

  boolean isPromised() {
    return most < Double.POSITIVE_INFINITY;
  }

  boolean isKept() {
    return value() <= most;
  }

  /** A line of a Markdown table, as {@link Report#table} has it. */
  String line(ModelFile model) {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %.1f %s | %.1f %s | **%s** | %s |",
        model.name(),
        model.type(),
        name,
        Turns.median(before),
        unit,
        Turns.median(after),
        unit,
        meaning.show(value()),
        isPromised() ? "≤ " + meaning.show(most) + (isKept() ? ", kept" : ", **missed**") : "");
  }

  Map<String, Object> json(ModelFile model) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("model", model.name());
    json.put("type", model.type());
    json.put("promise", name);
    json.put("unit", unit);
    json.put("before", before);
    json.put("after", after);
    json.put("value", value());
    json.put("is", meaning.name().toLowerCase(Locale.ROOT));
    if (isPromised()) {
      json.put("most", most);
      json.put("kept", isKept());
    }
    return json;
  }
}
