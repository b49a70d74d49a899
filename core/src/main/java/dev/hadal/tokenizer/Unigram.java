package dev.hadal.tokenizer;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The unigram model of SentencePiece: of all ways to cut a text into tokens, the one with the
 * highest sum of scores. Source: Kudo, arXiv:1804.10959. Tokens are found by narrowing a range in
 * their sorted list byte by byte.
 */
final class Unigram implements Model {
  private static final double UNKNOWN_PENALTY = 10;

  private final int[] sorted;
  private final byte[][] bytes;
  private final double[] scores;
  private final int[] bucket = new int[257];
  private final int[] fallback;
  private final int unknown;
  private final double unknownScore;

  /**
   * A model over all tokens that are text.
   *
   * @param fallback by byte, the id that stands for it where a character is no token; -1 for none
   * @param unknown the id for what no token can express, or -1 to leave it out
   */
  Unigram(Vocabulary vocabulary, int[] fallback, int unknown) {
    this.fallback = fallback;
    this.unknown = unknown;
    sorted =
        IntStream.range(0, vocabulary.size())
            .filter(id -> isText(vocabulary, id))
            .boxed()
            .sorted(
                Comparator.comparing(
                    (Integer id) -> Utf8.encode(vocabulary.token(id)), Arrays::compareUnsigned))
            .mapToInt(Integer::intValue)
            .toArray();
    bytes = new byte[sorted.length][];
    scores = new double[sorted.length];
    double lowest = Double.MAX_VALUE;
    for (int i = 0; i < sorted.length; i++) {
      bytes[i] = Utf8.encode(vocabulary.token(sorted[i]));
      boolean userDefined = vocabulary.kind(sorted[i]) == Vocabulary.Kind.USER_DEFINED;
      scores[i] =
          userDefined || Double.isNaN(vocabulary.score(sorted[i]))
              ? 0
              : vocabulary.score(sorted[i]);
      lowest = userDefined ? lowest : Math.min(lowest, scores[i]);
      bucket[(bytes[i][0] & 0xFF) + 1] = i + 1;
    }
    for (int b = 1; b < bucket.length; b++) {
      bucket[b] = Math.max(bucket[b], bucket[b - 1]);
    }
    unknownScore = (sorted.length == 0 ? 0 : lowest) - UNKNOWN_PENALTY;
  }

  private static boolean isText(Vocabulary vocabulary, int id) {
    return switch (vocabulary.kind(id)) {
      case NORMAL, USER_DEFINED, UNUSED -> !vocabulary.token(id).isEmpty();
      case UNDEFINED, UNKNOWN, CONTROL, BYTE -> false;
    };
  }

  @Override
  public void encode(byte[] text, int from, int to, IntList ids) {
    int n = to - from;
    double[] best = new double[n + 1];
    int[] token = new int[n + 1];
    int[] cameFrom = new int[n + 1];
    Arrays.fill(best, Double.NEGATIVE_INFINITY);
    best[0] = 0;
    for (int at = 0; at < n; ) {
      int width = Utf8.length(text[from + at]);
      boolean single = extend(text, from, at, n, width, best, token, cameFrom);
      if (!single && best[at] + unknownScore > best[at + width]) {
        best[at + width] = best[at] + unknownScore;
        token[at + width] = -1;
        cameFrom[at + width] = at;
      }
      at += width;
    }
    int[] ends = new int[n];
    int count = 0;
    for (int at = n; at > 0; at = cameFrom[at]) {
      ends[count++] = at;
    }
    boolean afterUnknown = false;
    while (count-- > 0) {
      int end = ends[count];
      if (token[end] >= 0) {
        ids.add(token[end]);
        afterUnknown = false;
      } else {
        afterUnknown = unknown(text, from + cameFrom[end], from + end, afterUnknown, ids);
      }
    }
  }

  /** Tries every token that starts here; says whether one is just the next character. */
  private boolean extend(
      byte[] text, int from, int at, int n, int width, double[] best, int[] token, int[] cameFrom) {
    boolean single = false;
    int first = text[from + at] & 0xFF;
    int low = bucket[first];
    int high = bucket[first + 1];
    for (int length = 1; low < high && at + length <= n; length++) {
      // All tokens in [low, high) start with the last `length` bytes read; the shortest comes
      // first.
      if (bytes[low].length == length) {
        double score = best[at] + scores[low];
        if (score > best[at + length]) {
          best[at + length] = score;
          token[at + length] = sorted[low];
          cameFrom[at + length] = at;
        }
        single |= length == width;
        while (low < high && bytes[low].length == length) {
          low++;
        }
      }
      if (at + length < n) {
        int next = text[from + at + length] & 0xFF;
        low = firstAtLeast(low, high, length, next);
        high = firstAtLeast(low, high, length, next + 1);
      }
    }
    return single;
  }

  private int firstAtLeast(int from, int to, int at, int value) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = low + high >>> 1;
      if ((bytes[middle][at] & 0xFF) < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private boolean unknown(byte[] text, int from, int to, boolean afterUnknown, IntList ids) {
    for (int i = from; i < to; i++) {
      if (fallback[text[i] & 0xFF] < 0) {
        if (unknown >= 0 && !afterUnknown) {
          ids.add(unknown);
        }
        return true;
      }
    }
    for (int i = from; i < to; i++) {
      ids.add(fallback[text[i] & 0xFF]);
    }
    return false;
  }
}
