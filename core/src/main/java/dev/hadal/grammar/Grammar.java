package dev.hadal.grammar;

import dev.hadal.engine.LogitMask;
import dev.hadal.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Function;

/**
 * A form that text is held to. {@link JsonMode}, {@link JsonSchema}, {@link Regex}, {@link Choices}
 * and {@link Gbnf} make one; it is made once and used for as many answers, models and threads as
 * you like.
 */
public final class Grammar {
  /** How long a new vocabulary's likely masks are worked out ahead. */
  private static final Duration AHEAD = Duration.ofMillis(30);

  final Algebra algebra;
  final Node start;
  private final Map<Tokenizer, TokenMasks> masks = new WeakHashMap<>();

  private Grammar(Algebra algebra, Node start) {
    this.algebra = algebra;
    this.start = start;
  }

  /**
   * @throws IllegalArgumentException if a rule begins with itself, or no text at all matches
   */
  static Grammar of(Algebra algebra, Node start) {
    algebra.seal();
    if (!algebra.isLive(start)) {
      throw new IllegalArgumentException(
          "no text satisfies this grammar: something in it asks for what something else forbids, or"
              + " a recursion never ends");
    }
    return new Grammar(algebra, start);
  }

  static Grammar of(Function<Algebra, Node> build) {
    Algebra algebra = new Algebra();
    return of(algebra, build.apply(algebra));
  }

  /** Text of any of these forms. */
  public static Grammar anyOf(List<Grammar> forms) {
    return of(algebra -> {
      List<Node> ways = new ArrayList<>();
      for (Grammar form : forms) {
        ways.add(new Copy(algebra, "form " + ways.size()).of(form.start));
      }
      return algebra.alt(ways);
    });
  }

  /** This form with a text before it and one behind it. */
  public Grammar between(String before, String after) {
    return of(algebra ->
        algebra.seq(
            algebra.text(before), new Copy(algebra, "form").of(start), algebra.text(after)));
  }

  /** Whether the whole text is of this form. */
  public boolean matches(String text) {
    return algebra.matches(start, text);
  }

  /** Whether some text of this form begins so. */
  public boolean matchesStart(String text) {
    return algebra.step(start, text.getBytes(StandardCharsets.UTF_8)) != algebra.none;
  }

  /**
   * A mask for one answer in a vocabulary's tokens. The first for a vocabulary works out ahead what
   * most answers need, for 30 milliseconds at most: ask for it before the engine's thread does.
   */
  public LogitMask mask(Tokenizer tokenizer) {
    return new GrammarMask(masks(tokenizer), start);
  }

  TokenMasks masks(Tokenizer tokenizer) {
    synchronized (masks) {
      return masks.computeIfAbsent(
          tokenizer,
          t -> {
            TokenMasks made = new TokenMasks(algebra, TokenTrie.of(t));
            made.prepare(start, AHEAD);
            return made;
          });
    }
  }
}
