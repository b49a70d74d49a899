package dev.hadal.bench.serving;

import dev.hadal.engine.Engine;
import dev.hadal.engine.Request;
import dev.hadal.engine.SamplingParams;
import dev.hadal.engine.TokenStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Times of answers by the engine itself, without text or a server around it. */
final class BareEngine {
  private final Engine engine;

  BareEngine(ServedModel model) {
    this.engine = model.model().engine();
  }

  /** The likeliest tokens, exactly so many. */
  static SamplingParams exactly(int tokens) {
    return SamplingParams.greedy().withMaxTokens(tokens).withIgnoreEos(true);
  }

  /** Tokens a second, of all prompts' answers together, from the first's submission. */
  double tokensPerSecond(List<int[]> prompts, int each) {
    long start = System.nanoTime();
    List<TokenStream> streams =
        prompts.stream().map(prompt -> engine.submit(prompt, exactly(each))).toList();
    streams.forEach(stream -> read(stream, each));
    return prompts.size() * each / seconds(start);
  }

  /** Milliseconds to the first token. */
  double firstTokenMillis(int[] prompt) {
    long start = System.nanoTime();
    try (TokenStream stream = engine.submit(prompt, exactly(1))) {
      stream.next();
      return seconds(start) * 1e3;
    }
  }

  /** Tokens a second behind the first, by the engine's own clock. */
  double decodeTokensPerSecond(Request request) {
    int count = request.params().maxTokens();
    TokenStream stream = engine.submit(request);
    read(stream, count);
    return (count - 1) / (stream.decodeNanos() / 1e9);
  }

  /** How long an answer's tokens keep its reader waiting, the first aside. */
  Gaps gaps(int[] prompt, int tokens) {
    return Gaps.between(read(engine.submit(prompt, exactly(tokens)), tokens));
  }

  /** The same with others that come in behind its first token, and go when it ends. */
  Gaps gapsBeside(int[] prompt, int tokens, List<int[]> others) {
    TokenStream stream = engine.submit(prompt, exactly(tokens));
    List<TokenStream> beside = new ArrayList<>();
    try {
      long[] times = new long[tokens];
      for (int i = 0; i < tokens; i++) {
        stream.next();
        times[i] = System.nanoTime();
        if (i == 0) {
          others.forEach(other -> beside.add(engine.submit(other, exactly(tokens))));
        }
      }
      return Gaps.between(times);
    } finally {
      beside.forEach(TokenStream::close);
      beside.forEach(BareEngine::drain);
    }
  }

  /**
   * Milliseconds between an answer's tokens.
   *
   * @param p99 all but one of a hundred are at most so long
   */
  record Gaps(double median, double p99) {
    static Gaps between(long[] nanos) {
      double[] gaps = new double[nanos.length - 1];
      Arrays.setAll(gaps, i -> (nanos[i + 1] - nanos[i]) / 1e6);
      Arrays.sort(gaps);
      return new Gaps(gaps[gaps.length / 2], gaps[(int) Math.ceil(0.99 * gaps.length) - 1]);
    }

    static List<Double> all(List<Gaps> rounds, ToDoubleFunction<Gaps> of) {
      return rounds.stream().mapToDouble(of).boxed().toList();
    }
  }

  /** When each token came. */
  private static long[] read(TokenStream stream, int expected) {
    long[] times = new long[expected];
    for (int i = 0; i < expected; i++) {
      if (stream.next().isEmpty()) {
        throw new IllegalStateException(
            "an answer ended after %d tokens (%s); expected %d"
                .formatted(i, stream.finishReason(), expected));
      }
      times[i] = System.nanoTime();
    }
    drain(stream);
    return times;
  }

  private static void drain(TokenStream stream) {
    while (stream.next().isPresent()) {
      // To its end, so that its memory is free again.
    }
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
