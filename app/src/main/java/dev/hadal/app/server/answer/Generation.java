package dev.hadal.app.server.answer;

import dev.hadal.app.server.Failure;
import dev.hadal.app.server.Job;
import dev.hadal.app.server.Work;
import dev.hadal.chat.dialect.Event;
import dev.hadal.chat.dialect.StreamParser;
import dev.hadal.engine.FinishReason;
import dev.hadal.engine.TextStream;
import dev.hadal.engine.TokenLogprob;
import dev.hadal.engine.TokenStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One answer as it comes. Reading blocks. One reader; {@link #stop} may come from any thread. */
public final class Generation {
  private final Job job;
  private final TextStream text;
  private final StreamParser parser;
  private final String suffix;
  private final boolean oneCall;
  private final StringBuilder raw = new StringBuilder();
  private final Deque<Piece> ready = new ArrayDeque<>();
  private List<TokenLogprob> waiting = new ArrayList<>();
  private volatile String stage = "prompt";
  private boolean ended;
  private int calls;
  private int thinkingTokens;

  /**
   * @param prefix what was said for the model and belongs to its answer
   * @param suffix what belongs to it at the end
   * @param oneCall it ends with its first call
   */
  Generation(
      Job job,
      TextStream text,
      StreamParser parser,
      String prefix,
      String suffix,
      boolean oneCall) {
    this.job = job;
    this.text = text;
    this.parser = parser;
    this.suffix = suffix;
    this.oneCall = oneCall;
    if (!prefix.isEmpty()) {
      take(parser.accept(prefix));
    }
  }

  /**
   * The next piece; nothing when the answer has ended.
   *
   * @throws dev.hadal.app.server.RequestException if the call was stopped
   */
  public Optional<Piece> next() {
    while (ready.isEmpty() && !ended) {
      Optional<String> piece = text.next();
      waiting.addAll(text.takeLogprobs());
      ended = piece.isEmpty();
      List<Event> events = new ArrayList<>();
      if (ended) {
        check();
        if (!suffix.isEmpty()) {
          events.addAll(parser.accept(suffix));
        }
        events.addAll(parser.finish());
      } else {
        raw.append(piece.orElseThrow());
        events.addAll(parser.accept(piece.orElseThrow()));
      }
      take(events);
    }
    return Optional.ofNullable(ready.poll());
  }

  private void take(List<Event> events) {
    for (Event event : events) {
      switch (event) {
        case Event.Content c -> {
          stage = "answer";
          ready.add(new Piece(c, waiting));
          waiting = new ArrayList<>();
        }
        case Event.Thinking t -> {
          stage = "thinking";
          ready.add(new Piece(t, List.of()));
          waiting = new ArrayList<>();
          thinkingTokens = text.tokens().generatedTokens();
        }
        case Event.ToolCall c -> {
          if (oneCall && calls == 1) {
            stop();
            return;
          }
          calls++;
          ready.add(new Piece(c, List.of()));
          waiting = new ArrayList<>();
        }
      }
    }
  }

  private void check() {
    if (text.finishReason().filter(FinishReason.TIMEOUT::equals).isPresent()) {
      throw Failure.of(Failure.Kind.DEADLINE, "the answer's time was over before its end")
          .exception();
    }
    if (text.finishReason().filter(FinishReason.CANCELLED::equals).isPresent()) {
      job.check();
    }
  }

  /** What the model has written so far, with all marks of thinking and calls. */
  public String raw() {
    return raw.toString();
  }

  /** Probabilities of tokens that gave no text, such as the one that ends the answer. */
  public List<TokenLogprob> leftover() {
    List<TokenLogprob> left = waiting;
    waiting = new ArrayList<>();
    return left;
  }

  /** Ends it early, from any thread. */
  public void stop() {
    text.close();
  }

  /** Why it ended, in OpenAI's words: stop, length or tool_calls. */
  public String finish() {
    FinishReason reason = text.finishReason().orElse(FinishReason.STOP);
    return calls > 0 ? "tool_calls" : reason == FinishReason.LENGTH ? "length" : "stop";
  }

  /** The stop string that ended it; empty if none did. */
  public String stoppedBy() {
    return text.stoppedBy();
  }

  public int promptTokens() {
    return tokens().promptTokens();
  }

  public int generatedTokens() {
    return tokens().generatedTokens();
  }

  public int cachedTokens() {
    return tokens().cachedTokens();
  }

  /** Those of the generated ones that were thinking. */
  public int thinkingTokens() {
    return thinkingTokens;
  }

  /** The tokens behind it, for timings and the prompt's probabilities. */
  public TokenStream tokens() {
    return text.tokens();
  }

  /** How far it is; from any thread. */
  public Work.Progress progress() {
    TokenStream tokens = text.tokens();
    int generated = tokens.generatedTokens();
    long nanos = tokens.decodeNanos();
    return new Work.Progress(
        stage,
        tokens.promptTokens(),
        generated,
        generated > 1 && nanos > 0 ? (generated - 1) * 1e9 / nanos : null);
  }

  /** Adds what it took to the call's account. */
  void meter() {
    TokenStream tokens = text.tokens();
    FinishReason reason = text.finishReason().orElse(FinishReason.CANCELLED);
    job.work()
        .add(
            tokens.promptTokens(),
            tokens.generatedTokens(),
            tokens.cachedTokens(),
            tokens.promptNanos(),
            tokens.decodeNanos(),
            reason == FinishReason.STOP || reason == FinishReason.LENGTH
                ? reason.name().toLowerCase(Locale.ROOT)
                : "abort");
  }
}
