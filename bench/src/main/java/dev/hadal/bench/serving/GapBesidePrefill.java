package dev.hadal.bench.serving;

import dev.hadal.bench.harness.Turns;
import dev.hadal.bench.serving.BareEngine.Gaps;
import dev.hadal.bench.serving.Promise.Meaning;
import java.util.List;
import java.util.stream.Stream;

/** How evenly one answer goes on while all the other streams come in with long prompts. */
final class GapBesidePrefill {
  private static final double MOST = 3;

  private GapBesidePrefill() {}

  static List<Promise> measure(ServedModel model, Options options) {
    Options.Sizes sizes = options.sizes();
    BareEngine engine = new BareEngine(model);
    FreshPrompts prompts = model.prompts();
    int others = sizes.streams() - 1;
    List<List<Gaps>> turns =
        Turns.take(
            options.rounds(),
            List.of(
                () -> engine.gaps(prompts.tokens(sizes.question()), sizes.answer()),
                () ->
                    engine.gapsBeside(
                        prompts.tokens(sizes.question()),
                        sizes.answer(),
                        Stream.generate(() -> prompts.tokens(sizes.prompt()))
                            .limit(others)
                            .toList())));
    List<Double> alone = Gaps.all(turns.getFirst(), Gaps::median);
    return List.of(
        new Promise(
            "p99 gap beside %d prompts of %d, to median alone".formatted(others, sizes.prompt()),
            "ms",
            alone,
            Gaps.all(turns.getLast(), Gaps::p99),
            Meaning.TIMES,
            MOST),
        new Promise(
            "p99 gap alone, to median alone",
            "ms",
            alone,
            Gaps.all(turns.getFirst(), Gaps::p99),
            Meaning.TIMES,
            Double.POSITIVE_INFINITY));
  }
}
