package dev.hadal.app.server.answer;

import dev.hadal.engine.LogitMask;
import dev.hadal.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;

/**
 * Ends thinking that takes too long: after so many tokens the next ones can only be the tag that
 * ends it. What comes before and after is another mask's business.
 */
final class ThinkingBudget implements LogitMask {
  private final int[] begin;
  private final int[] end;
  private final long[] all;
  private final @Nullable LogitMask inner;
  private int left;
  private int beginMatched;
  private int endMatched;
  private boolean thinking;
  private boolean over;

  /**
   * @param tokens most of thinking
   * @param thinking whether the prompt has begun it
   */
  ThinkingBudget(
      Tokenizer tokenizer, int vocabSize, int tokens, boolean thinking, @Nullable LogitMask inner) {
    this.begin = tokenizer.encode("<think>", false, true);
    this.end = tokenizer.encode("</think>", false, true);
    this.all = new long[(vocabSize + 63) / 64];
    for (int t = 0; t < vocabSize; t++) {
      all[t / 64] |= 1L << t;
    }
    this.left = tokens;
    this.thinking = thinking;
    this.inner = inner;
  }

  private ThinkingBudget(ThinkingBudget from) {
    begin = from.begin;
    end = from.end;
    all = from.all;
    inner = from.inner == null ? null : from.inner.fork();
    left = from.left;
    beginMatched = from.beginMatched;
    endMatched = from.endMatched;
    thinking = from.thinking;
    over = from.over;
  }

  @Override
  public long[] allowed() {
    if (thinking && !over && left <= 0) {
      long[] only = new long[all.length];
      int next = end[endMatched];
      only[next / 64] = 1L << next;
      return only;
    }
    return inner == null ? all : inner.allowed();
  }

  @Override
  public void accept(int token) {
    if (inner != null) {
      inner.accept(token);
    }
    if (over) {
      return;
    }
    if (!thinking) {
      beginMatched = token == begin[beginMatched] ? beginMatched + 1 : -1;
      thinking = beginMatched == begin.length;
      over = beginMatched < 0; // thinking stands first or nowhere
      return;
    }
    left--;
    endMatched = token == end[endMatched] ? endMatched + 1 : token == end[0] ? 1 : 0;
    over = endMatched == end.length;
  }

  @Override
  public LogitMask fork() {
    return new ThinkingBudget(this);
  }
}
