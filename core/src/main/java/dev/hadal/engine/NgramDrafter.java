package dev.hadal.engine;

import java.util.List;

/**
 * Guesses that what followed the last few tokens before follows them again: for answers that quote
 * their prompt, or repeat themselves. Of several places the latest counts, and more equal tokens
 * before it count more.
 *
 * <p>Source of the idea: prompt lookup decoding (Saxena, 2023).
 */
final class NgramDrafter implements Drafter {
  private static final int LONGEST = 4;
  private static final int SHORTEST = 2;

  /** How far back it looks: a few microseconds. */
  private static final int REACH = 8192;

  private final int[] guesses;

  NgramDrafter(int most) {
    guesses = new int[most];
  }

  @Override
  public void draft(List<Sequence> sequences, int most) {
    for (Sequence sequence : sequences) {
      int wanted = sequence.mostDrafts(most);
      int from = wanted == 0 ? 0 : continuation(sequence.tokens(), sequence.length());
      if (from > 0) {
        int count = Math.min(wanted, sequence.length() - from);
        System.arraycopy(sequence.tokens(), from, guesses, 0, count);
        sequence.draft(guesses, count);
      }
    }
  }

  /** Where what may follow begins; 0 if the last tokens are new. */
  private static int continuation(int[] tokens, int length) {
    int best = 0;
    int longest = SHORTEST - 1;
    for (int end = length - 1; end > Math.max(0, length - REACH) && longest < LONGEST; end--) {
      int same = 0;
      while (same < Math.min(LONGEST, end) && tokens[end - 1 - same] == tokens[length - 1 - same]) {
        same++;
      }
      if (same > longest) {
        longest = same;
        best = end;
      }
    }
    return best;
  }
}
