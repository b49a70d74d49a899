package dev.hadal.engine;

import dev.hadal.tokenizer.StreamDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The text of one sequence, as it is sampled: characters are never split, and a stop string ends it
 * without being shown, however it is cut into tokens. One reader.
 */
public final class TextStream implements AutoCloseable {
  private final TokenStream tokens;
  private final StreamDecoder decoder;
  private final List<String> stop;
  private final StringBuilder held = new StringBuilder(); // may be the beginning of a stop string
  private List<TokenLogprob> logprobs = new ArrayList<>();
  private boolean ended;
  private boolean stopped;
  private String stoppedBy = "";

  public TextStream(TokenStream tokens, StreamDecoder decoder, List<String> stop) {
    this.tokens = tokens;
    this.decoder = decoder;
    this.stop = List.copyOf(stop);
  }

  /** The next piece of text, never empty; nothing when the text has ended. */
  public Optional<String> next() {
    while (!ended) {
      OptionalInt token = tokens.next();
      if (token.isPresent()) {
        TokenLogprob logprob = tokens.logprob();
        if (logprob != null) {
          logprobs.add(logprob);
        }
        held.append(decoder.add(token.getAsInt()));
      } else {
        held.append(decoder.flush());
        ended = true;
      }
      String piece = release();
      if (!piece.isEmpty()) {
        return Optional.of(piece);
      }
    }
    return Optional.empty();
  }

  /** Why it ended; a met stop string counts as {@link FinishReason#STOP}. */
  public Optional<FinishReason> finishReason() {
    return stopped ? Optional.of(FinishReason.STOP) : Optional.ofNullable(tokens.finishReason());
  }

  /** The stop string that ended it; empty if none did. */
  public String stoppedBy() {
    return stoppedBy;
  }

  /**
   * How likely the tokens were that were read since this was last asked, if the request wanted to
   * know: those of the pieces given since, and of what is still held back.
   */
  public List<TokenLogprob> takeLogprobs() {
    List<TokenLogprob> taken = logprobs;
    logprobs = new ArrayList<>();
    return taken;
  }

  /** The tokens behind it, for counts and timings. */
  public TokenStream tokens() {
    return tokens;
  }

  /** Gives out what can't be part of a stop string any more. */
  private String release() {
    int end = stop.stream().mapToInt(held::indexOf).filter(i -> i >= 0).min().orElse(-1);
    if (end >= 0) {
      stopped = true;
      stoppedBy = stop.stream().filter(s -> held.indexOf(s) == end).findFirst().orElse("");
      ended = true;
      tokens.close();
      return held.substring(0, end);
    }
    int keep = ended ? 0 : stop.stream().mapToInt(this::overlap).max().orElse(0);
    String piece = held.substring(0, held.length() - keep);
    held.delete(0, piece.length());
    return piece;
  }

  /** How much of the end of what is held could be the beginning of {@code s}. */
  private int overlap(String s) {
    for (int n = Math.min(s.length() - 1, held.length()); n > 0; n--) {
      if (held.indexOf(s.substring(0, n), held.length() - n) >= 0) {
        return n;
      }
    }
    return 0;
  }

  @Override
  public void close() {
    tokens.close();
  }
}
