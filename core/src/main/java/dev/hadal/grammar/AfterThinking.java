package dev.hadal.grammar;

import dev.hadal.engine.LogitMask;
import dev.hadal.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.WeakHashMap;

/**
 * A grammar for models that think first: anything up to the tag that ends thinking, then at most
 * two line breaks, then the form. The tags may be tokens of their own or be written in pieces.
 */
public final class AfterThinking {
  private static final Map<Grammar, Map<String, AfterThinking>> KNOWN = new WeakHashMap<>();

  private final Grammar whole;

  /** Within thinking: a sequence whose rest is this. */
  private final Node answer;

  private final String begin;
  private final String end;

  private AfterThinking(Grammar form, String begin, String end, boolean begun) {
    this.begin = begin;
    this.end = end;
    Algebra algebra = new Algebra();
    Node any = algebra.star(algebra.bytes(ByteSet.range(0, 255)));
    Node tag = algebra.text(end);
    // Up to the first tag: ends with it, and does not have it before.
    Node thought =
        algebra.group(
            algebra.and(
                algebra.seq(any, tag),
                algebra.not(algebra.seq(any, tag, algebra.bytes(ByteSet.range(0, 255)), any))));
    answer = algebra.rule("answer");
    Node breaks = algebra.repeat(algebra.byteOf('\n'), 0, 2);
    algebra.define(answer, algebra.seq(breaks, new Copy(algebra, "form").of(form.start)));
    Node thinking = algebra.seq(thought, answer);
    whole =
        Grammar.of(
            algebra,
            begun ? thinking : algebra.alt(algebra.seq(algebra.text(begin), thinking), answer));
  }

  /**
   * A mask for one answer.
   *
   * @param begun whether the prompt has begun the thinking already; where not, the model may answer
   *     at once
   */
  public static LogitMask mask(
      Grammar form, Tokenizer tokenizer, String begin, String end, boolean begun) {
    AfterThinking known;
    synchronized (KNOWN) {
      known =
          KNOWN
              .computeIfAbsent(form, f -> new HashMap<>())
              .computeIfAbsent(
                  begin + "\0" + end + "\0" + begun,
                  k -> new AfterThinking(form, begin, end, begun));
    }
    TokenMasks masks = known.whole.masks(tokenizer);
    return known
    .new Mask(
        masks,
        known.whole.start,
        steering(masks, tokenizer, begin),
        steering(masks, tokenizer, end));
  }

  /** The token of a tag, if it is a control token, which grammars never allow by themselves. */
  private static OptionalInt steering(TokenMasks masks, Tokenizer tokenizer, String tag) {
    OptionalInt id = tokenizer.id(tag);
    return id.isPresent() && masks.trie().bytes(id.getAsInt()).length == 0
        ? id
        : OptionalInt.empty();
  }

  private final class Mask implements LogitMask {
    private final TokenMasks masks;
    private final OptionalInt beginToken;
    private final OptionalInt endToken;
    private Node state;

    Mask(TokenMasks masks, Node state, OptionalInt beginToken, OptionalInt endToken) {
      this.masks = masks;
      this.state = state;
      this.beginToken = beginToken;
      this.endToken = endToken;
    }

    private boolean isThinking() {
      return state.shape instanceof Node.Shape.Seq(Node first, Node rest) && rest == answer;
    }

    @Override
    public long[] allowed() {
      long[] allowed = masks.allowed(state);
      if (isThinking() && endToken.isPresent()) {
        return with(allowed, endToken.getAsInt());
      }
      return state == whole.start && beginToken.isPresent()
          ? with(allowed, beginToken.getAsInt())
          : allowed;
    }

    private static long[] with(long[] mask, int token) {
      long[] more = Arrays.copyOf(mask, Math.max(mask.length, token / 64 + 1));
      more[token / 64] |= 1L << token;
      return more;
    }

    @Override
    public void accept(int token) {
      byte[] bytes = masks.trie().bytes(token);
      if (endToken.isPresent() && token == endToken.getAsInt()) {
        bytes = end.getBytes(StandardCharsets.UTF_8);
      } else if (beginToken.isPresent() && token == beginToken.getAsInt()) {
        bytes = begin.getBytes(StandardCharsets.UTF_8);
      }
      state = masks.algebra().step(state, bytes);
    }

    @Override
    public LogitMask fork() {
      return new Mask(masks, state, beginToken, endToken);
    }
  }
}
