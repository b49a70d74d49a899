package dev.hadal.grammar;

import dev.hadal.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Every token that writes text, by its bytes, as one tree laid out in the order of a walk: a node's
 * children follow it, and {@link #skip} leads past them. Control tokens and holes are not in it.
 */
final class TokenTrie {
  private static final Map<Tokenizer, TokenTrie> KNOWN =
      Collections.synchronizedMap(new WeakHashMap<>());

  /** Number of nodes. */
  final int size;

  final byte[] label;

  /** From 1. */
  final short[] depth;

  /** The node after this one's subtree. */
  final int[] skip;

  /** The deepest node of this one's subtree, itself included. */
  final short[] deepest;

  /** A token that ends here, or -1. */
  final int[] token;

  /** Another token of the same bytes, or -1, by token. */
  final int[] twin;

  /** The tokens that end an answer, as a mask. */
  final long[] ends;

  /** The tokens, longest first. */
  final int[] byLength;

  /** Units that every grammar has, by name: worked out once for a vocabulary. */
  final Map<String, TokenMasks.Unit> shared = new ConcurrentHashMap<>();

  /** The longest token, in bytes. */
  final int longest;

  private final byte[][] bytes;

  /** The tree of a vocabulary, made once. */
  static TokenTrie of(Tokenizer tokenizer) {
    TokenTrie known = KNOWN.get(tokenizer);
    if (known == null) {
      known = new TokenTrie(tokenizer);
      KNOWN.put(tokenizer, known);
    }
    return known;
  }

  private TokenTrie(Tokenizer tokenizer) {
    int vocabSize = tokenizer.vocabSize();
    bytes = new byte[vocabSize][];
    ends = new long[(vocabSize + 63) / 64];
    tokenizer.endOfGeneration().forEach(id -> ends[id / 64] |= 1L << id);
    Integer[] order = new Integer[vocabSize];
    int count = 0;
    int total = 0;
    for (int id = 0; id < vocabSize; id++) {
      boolean silent = tokenizer.isControl(id) || (ends[id / 64] >>> id & 1) != 0;
      bytes[id] = silent ? new byte[0] : tokenizer.decodeBytes(id);
      if (bytes[id].length > 0 && bytes[id].length < Short.MAX_VALUE) {
        order[count++] = id;
        total += bytes[id].length;
      }
    }
    Arrays.sort(order, 0, count, Comparator.comparing(id -> bytes[id], Arrays::compareUnsigned));
    byte[] labels = new byte[total];
    short[] depths = new short[total];
    int[] skips = new int[total];
    int[] tokens = new int[total];
    twin = new int[vocabSize];
    Arrays.fill(twin, -1);
    Arrays.fill(tokens, -1);
    int nodes = 0;
    int most = 0;
    int[] open = new int[Short.MAX_VALUE];
    byte[] before = new byte[0];
    for (int i = 0; i < count; i++) {
      byte[] text = bytes[order[i]];
      int shared = Arrays.mismatch(before, text);
      if (shared < 0) {
        twin[order[i]] = tokens[nodes - 1];
        tokens[nodes - 1] = order[i];
        continue;
      }
      for (int d = before.length; d > shared; d--) {
        skips[open[d]] = nodes;
      }
      for (int d = shared; d < text.length; d++) {
        labels[nodes] = text[d];
        depths[nodes] = (short) (d + 1);
        open[d + 1] = nodes++;
      }
      tokens[nodes - 1] = order[i];
      most = Math.max(most, text.length);
      before = text;
    }
    for (int d = before.length; d > 0; d--) {
      skips[open[d]] = nodes;
    }
    size = nodes;
    longest = most;
    label = Arrays.copyOf(labels, nodes);
    depth = Arrays.copyOf(depths, nodes);
    skip = Arrays.copyOf(skips, nodes);
    token = Arrays.copyOf(tokens, nodes);
    deepest = depth.clone();
    for (int i = nodes - 1; i >= 0; i--) {
      for (int child = i + 1; child < skip[i]; child = skip[child]) {
        deepest[i] = (short) Math.max(deepest[i], deepest[child]);
      }
    }
    byLength =
        Arrays.stream(order, 0, count)
            .sorted((x, y) -> Integer.compare(bytes[y].length, bytes[x].length))
            .mapToInt(id -> id)
            .toArray();
  }

  int words() {
    return ends.length;
  }

  /** What a token writes; empty for one that steers. Not to be written to. */
  byte[] bytes(int token) {
    return bytes[token];
  }

  boolean isEnd(int token) {
    return (ends[token / 64] >>> token & 1) != 0;
  }
}
