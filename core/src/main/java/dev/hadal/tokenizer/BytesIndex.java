package dev.hadal.tokenizer;

import java.util.Arrays;

/** Finds the ordinary token that stands for exactly given bytes. */
final class BytesIndex {
  private final Vocabulary vocabulary;
  private final int[] slots;

  BytesIndex(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
    this.slots = new int[Integer.highestOneBit(vocabulary.size()) << 2];
    Arrays.fill(slots, -1);
    for (int id = 0; id < vocabulary.size(); id++) {
      if (vocabulary.kind(id) == Vocabulary.Kind.NORMAL && !vocabulary.token(id).isEmpty()) {
        byte[] bytes = vocabulary.bytes(id);
        int slot = Utf8.hash(bytes, 0, bytes.length) & slots.length - 1;
        while (slots[slot] >= 0) {
          slot = slot + 1 & slots.length - 1;
        }
        slots[slot] = id;
      }
    }
  }

  /** The id, or -1. */
  int find(byte[] text, int from, int to) {
    for (int slot = Utf8.hash(text, from, to) & slots.length - 1;
        slots[slot] >= 0;
        slot = slot + 1 & slots.length - 1) {
      if (Utf8.equal(vocabulary.bytes(slots[slot]), text, from, to)) {
        return slots[slot];
      }
    }
    return -1;
  }
}
