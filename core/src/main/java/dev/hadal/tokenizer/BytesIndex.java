package dev.hadal.tokenizer;

import java.util.Arrays;

/** Finds the ordinary token that stands for exactly given bytes. */
final class BytesIndex {
  private final Vocabulary vocabulary;
  private final int[] slots;

  /** The hash of the token in each slot, so that few tokens are looked at in vain. */
  private final int[] hashes;

  BytesIndex(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
    this.slots = new int[Integer.highestOneBit(vocabulary.size()) << 2];
    this.hashes = new int[slots.length];
    Arrays.fill(slots, -1);
    for (int id = 0; id < vocabulary.size(); id++) {
      if (vocabulary.kind(id) == Vocabulary.Kind.NORMAL && !vocabulary.token(id).isEmpty()) {
        byte[] bytes = vocabulary.bytes(id);
        int hash = Utf8.hash(bytes, 0, bytes.length);
        int slot = hash & slots.length - 1;
        while (slots[slot] >= 0) {
          slot = slot + 1 & slots.length - 1;
        }
        slots[slot] = id;
        hashes[slot] = hash;
      }
    }
  }

  /** The id, or -1. */
  int find(byte[] text, int from, int to) {
    int hash = Utf8.hash(text, from, to);
    int mask = slots.length - 1;
    for (int slot = hash & mask; slots[slot] >= 0; slot = slot + 1 & mask) {
      if (hashes[slot] == hash && Utf8.equal(vocabulary.bytes(slots[slot]), text, from, to)) {
        return slots[slot];
      }
    }
    return -1;
  }
}
