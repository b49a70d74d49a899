package dev.hadal.tokenizer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Byte-pair encoding: start from single bytes or characters and merge the best pair until none is
 * left. Of equal pairs the leftmost goes first. Short pieces are merged by looking at all pairs
 * each time, long ones by a heap, so that a megabyte without a break takes n log n steps; short
 * pieces are remembered. Source: Sennrich et al., arXiv:1508.07909; llama.cpp and tiktoken for ties
 * and unknowns.
 */
final class Bpe implements Model {
  private static final int REMEMBERED_BYTES = 48;
  private static final int REMEMBERED_WORDS = 1 << 15;
  private static final int LONG = 96;
  private static final int NO_PAIR = Integer.MAX_VALUE;

  /**
   * What the start of merging needs.
   *
   * @param merges the pairs
   * @param byteLevel symbols are bytes, not characters
   * @param fallback by byte, the id that stands for it where a character is no token; -1 for none
   * @param unknown the id for what no token can express, or -1 to leave it out
   * @param fuseUnknown neighbouring unknown characters make one id
   * @param ignoreMerges a piece that is a token is not merged
   */
  record Rules(
      Merges merges,
      boolean byteLevel,
      int[] fallback,
      int unknown,
      boolean fuseUnknown,
      boolean ignoreMerges) {}

  private record Word(byte[] text, int[] ids) {}

  private final Merges merges;
  private final int vocabSize;
  private final int @Nullable [] symbolOfByte;
  private final LongMap symbolOfCharacter;

  /**
   * For bytes: characters that become one symbol whatever stands around them; null when symbols are
   * characters.
   */
  private final @Nullable WholeCharacters wholeCharacters;

  private final int[] fallback;
  private final int unknown;
  private final boolean fuseUnknown;
  private final @Nullable BytesIndex whole;
  private final @Nullable Word[] words;

  Bpe(Vocabulary vocabulary, Rules rules) {
    this.merges = rules.merges();
    this.vocabSize = vocabulary.size();
    this.words =
        new Word[Math.min(REMEMBERED_WORDS, Integer.highestOneBit(vocabulary.size()) << 1)];
    this.fallback = rules.fallback();
    this.unknown = rules.unknown();
    this.fuseUnknown = rules.fuseUnknown();
    this.whole = rules.ignoreMerges() ? new BytesIndex(vocabulary) : null;
    if (rules.byteLevel()) {
      symbolOfByte = new int[256];
      for (int b = 0; b < 256; b++) {
        symbolOfByte[b] = merges.symbol(String.valueOf(ByteLevel.charOf(b)));
      }
      symbolOfCharacter = new LongMap(0);
      wholeCharacters = new WholeCharacters(vocabulary, merges);
    } else {
      symbolOfByte = null;
      wholeCharacters = null;
      symbolOfCharacter = merges.characters();
    }
  }

  @Override
  public void encode(byte[] text, int from, int to, IntList ids) {
    if (to - from > REMEMBERED_BYTES) {
      encodeAnew(text, from, to, ids);
      return;
    }
    int slot = Utf8.hash(text, from, to) & words.length - 1;
    Word word = words[slot];
    if (word != null && Utf8.equal(word.text(), text, from, to)) {
      ids.addAll(word.ids());
      return;
    }
    int start = ids.size();
    encodeAnew(text, from, to, ids);
    words[slot] = new Word(Arrays.copyOfRange(text, from, to), ids.copyFrom(start));
  }

  private void encodeAnew(byte[] text, int from, int to, IntList ids) {
    if (whole != null) {
      int id = whole.find(text, from, to);
      if (id >= 0) {
        ids.add(id);
        return;
      }
    }
    int[] symbols = new int[to - from];
    int[] starts = new int[to - from + 1];
    int count = 0;
    for (int i = from; i < to; count++) {
      starts[count] = i;
      if (symbolOfByte == null || wholeCharacters == null) {
        symbols[count] = (int) symbolOfCharacter.get(Utf8.codePoint(text, i));
        i += Utf8.length(text[i]);
        continue;
      }
      // Where a character is not taken whole, its bytes come round one by one.
      int length = (text[i] & 0xC0) == 0x80 ? 1 : Utf8.length(text[i]);
      int whole = length == 1 ? -1 : wholeCharacters.symbol(text, from, to, i, length);
      symbols[count] = whole >= 0 ? whole : symbolOfByte[text[i] & 0xFF];
      i += whole >= 0 ? length : 1;
    }
    starts[count] = to;
    int left =
        count > LONG ? mergeLong(symbols, starts, count) : mergeShort(symbols, starts, count);
    emit(text, symbols, starts, left, ids);
  }

  /** Merges in place; returns how many symbols are left. */
  private int mergeShort(int[] symbols, int[] starts, int count) {
    int[] ranks = new int[count];
    int[] merged = new int[count];
    for (int i = 0; i + 1 < count; i++) {
      look(symbols[i], symbols[i + 1], ranks, merged, i);
    }
    int n = count;
    while (n > 1) {
      int best = 0;
      for (int i = 1; i < n - 1; i++) {
        if (ranks[i] < ranks[best]) {
          best = i;
        }
      }
      if (ranks[best] == NO_PAIR) {
        break;
      }
      symbols[best] = merged[best];
      int moved = n - best - 2;
      System.arraycopy(symbols, best + 2, symbols, best + 1, moved);
      System.arraycopy(starts, best + 2, starts, best + 1, moved + 1);
      System.arraycopy(ranks, best + 2, ranks, best + 1, moved);
      System.arraycopy(merged, best + 2, merged, best + 1, moved);
      n--;
      if (best > 0) {
        look(symbols[best - 1], symbols[best], ranks, merged, best - 1);
      }
      if (best + 1 < n) {
        look(symbols[best], symbols[best + 1], ranks, merged, best);
      }
    }
    return n;
  }

  /** As {@link #mergeShort}, with a linked list of symbols and a heap of pairs. */
  private int mergeLong(int[] symbols, int[] starts, int count) {
    int[] next = new int[count];
    int[] previous = new int[count];
    int[] ranks = new int[count];
    int[] merged = new int[count];
    LongHeap heap = new LongHeap(count);
    for (int i = 0; i < count; i++) {
      next[i] = i + 1;
      previous[i] = i - 1;
      ranks[i] = NO_PAIR;
      if (i + 1 < count) {
        push(heap, symbols[i], symbols[i + 1], ranks, merged, i);
      }
    }
    while (!heap.isEmpty()) {
      long best = heap.pop();
      int i = (int) best;
      // An entry whose rank is no longer that of its place was overtaken by a merge beside it.
      if (ranks[i] != (int) (best >>> 32)) {
        continue;
      }
      int right = next[i];
      symbols[i] = merged[i];
      ranks[right] = NO_PAIR;
      ranks[i] = NO_PAIR;
      next[i] = next[right];
      if (next[i] < count) {
        previous[next[i]] = i;
        push(heap, symbols[i], symbols[next[i]], ranks, merged, i);
      }
      if (previous[i] >= 0) {
        push(heap, symbols[previous[i]], symbols[i], ranks, merged, previous[i]);
      }
    }
    int n = 0;
    for (int i = 0; i < count; i = next[i]) {
      symbols[n] = symbols[i];
      starts[n++] = starts[i];
    }
    starts[n] = starts[count];
    return n;
  }

  private void push(LongHeap heap, int left, int right, int[] ranks, int[] merged, int at) {
    look(left, right, ranks, merged, at);
    if (ranks[at] != NO_PAIR) {
      heap.push((long) ranks[at] << 32 | at);
    }
  }

  private void look(int left, int right, int[] ranks, int[] merged, int at) {
    long pair = merges.get(left, right);
    ranks[at] = pair == LongMap.ABSENT ? NO_PAIR : (int) (pair >>> 32);
    merged[at] = (int) pair;
  }

  private void emit(byte[] text, int[] symbols, int[] starts, int count, IntList ids) {
    boolean afterUnknown = false;
    for (int i = 0; i < count; i++) {
      if (symbols[i] >= 0 && symbols[i] < vocabSize) {
        ids.add(symbols[i]);
        afterUnknown = false;
        continue;
      }
      if (spellable(text, starts[i], starts[i + 1])) {
        for (int at = starts[i]; at < starts[i + 1]; at++) {
          ids.add(fallback[text[at] & 0xFF]);
        }
        afterUnknown = false;
      } else if (unknown >= 0 && !(fuseUnknown && afterUnknown)) {
        ids.add(unknown);
        afterUnknown = true;
      }
    }
  }

  private boolean spellable(byte[] text, int from, int to) {
    for (int at = from; at < to; at++) {
      if (fallback[text[at] & 0xFF] < 0) {
        return false;
      }
    }
    return true;
  }
}
