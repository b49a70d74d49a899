package dev.hadal.bench.serving;

import dev.hadal.Hadal;
import dev.hadal.bench.harness.Turns;
import dev.hadal.bench.serving.Promise.Meaning;
import dev.hadal.chat.ChatRequest;
import dev.hadal.chat.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a streamed chat over HTTP costs beside the bare engine, for one client and for many. */
final class ServerOverhead {
  private static final double MOST_LOST = 0.03;

  private ServerOverhead() {}

  static List<Promise> measure(ServedModel model, Options options) {
    Options.Sizes sizes = options.sizes();
    BareEngine engine = new BareEngine(model);
    List<Promise> promises = new ArrayList<>();
    try (HttpClientSide client = new HttpClientSide(model)) {
      client.tokensPerSecond(questions(model, sizes, sizes.streams()), sizes.shared()); // warms up
      for (int streams : List.of(1, sizes.streams())) {
        int tokens = streams == 1 ? sizes.answer() : sizes.shared();
        List<List<Double>> turns =
            Turns.take(
                options.rounds(),
                List.of(
                    () ->
                        engine.tokensPerSecond(
                            questions(model, sizes, streams).stream()
                                .map(question -> rendered(model.model(), question))
                                .toList(),
                            tokens),
                    () -> client.tokensPerSecond(questions(model, sizes, streams), tokens)));
        promises.add(
            new Promise(
                "server beside bare engine, streams: " + streams,
                "t/s",
                turns.getFirst(),
                turns.getLast(),
                Meaning.LOST,
                MOST_LOST));
      }
    }
    return promises;
  }

  private static List<String> questions(ServedModel model, Options.Sizes sizes, int count) {
    return Stream.generate(() -> model.prompts().text(sizes.question())).limit(count).toList();
  }

  /** As the server's chat does. */
  private static int[] rendered(Hadal model, String question) {
    return model.encodePrompt(model.template().render(ChatRequest.of(Message.user(question))));
  }
}
