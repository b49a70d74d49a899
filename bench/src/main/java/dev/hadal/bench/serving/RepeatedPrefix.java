package dev.hadal.bench.serving;

import dev.hadal.bench.harness.Turns;
import dev.hadal.bench.serving.Promise.Meaning;
import java.util.List;

/** Time to the first token of a long prompt: when it is new, again, and with another end. */
final class RepeatedPrefix {
  private static final double MOST = 0.1;
  private static final int OTHER_END = 8;

  private final ServedModel model;
  private final BareEngine engine;
  private final int length;
  private int[] prompt = {};

  private RepeatedPrefix(ServedModel model, int length) {
    this.model = model;
    this.engine = new BareEngine(model);
    this.length = length;
  }

  static List<Promise> measure(ServedModel model, Options options) {
    return new RepeatedPrefix(model, options.sizes().prompt()).measure(options.rounds());
  }

  private List<Promise> measure(int rounds) {
    List<List<Double>> turns =
        Turns.take(rounds, List.of(this::first, this::again, this::withOtherEnd));
    return List.of(
        promise(length + " tokens again, first token", turns.get(0), turns.get(1)),
        promise(length + " tokens with another end, first token", turns.get(0), turns.get(2)));
  }

  private double first() {
    prompt = model.prompts().tokens(length);
    return engine.firstTokenMillis(prompt);
  }

  private double again() {
    return engine.firstTokenMillis(prompt);
  }

  private double withOtherEnd() {
    return engine.firstTokenMillis(model.prompts().withOtherEnd(prompt, OTHER_END));
  }

  private static Promise promise(String name, List<Double> first, List<Double> again) {
    return new Promise(name, "ms", first, again, Meaning.PART, MOST);
  }
}
