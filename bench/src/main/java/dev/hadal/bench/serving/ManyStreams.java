package dev.hadal.bench.serving;

import dev.hadal.bench.harness.Turns;
import dev.hadal.bench.serving.Promise.Meaning;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What the engine answers in all, prompts included, as more ask at a time. */
final class ManyStreams {
  private ManyStreams() {}

  static List<Promise> measure(ServedModel model, Options options) {
    Options.Sizes sizes = options.sizes();
    BareEngine engine = new BareEngine(model);
    List<Integer> counts =
        IntStream.iterate(1, n -> n <= sizes.streams(), n -> 4 * n).boxed().toList();
    List<Supplier<Double>> sides = new ArrayList<>();
    for (int count : counts) {
      sides.add(() ->
          engine.tokensPerSecond(
              Stream.generate(() -> model.prompts().tokens(sizes.question())).limit(count).toList(),
              sizes.shared()));
    }
    List<List<Double>> turns = Turns.take(options.rounds(), sides);
    return IntStream.range(1, counts.size())
        .mapToObj(i ->
            new Promise(
                "all streams beside one, streams: " + counts.get(i),
                "t/s",
                turns.getFirst(),
                turns.get(i),
                Meaning.TIMES,
                Double.POSITIVE_INFINITY))
        .toList();
  }
}
