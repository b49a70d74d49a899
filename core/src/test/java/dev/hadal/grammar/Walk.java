package dev.hadal.grammar;

import dev.hadal.engine.LogitMask;
import dev.hadal.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Random;

/** A model that chooses at random among what is allowed. */
final class Walk {
  private Walk() {}

  /** A finished text; a walk that grows long prefers to end, and to close what is open. */
  static String text(LogitMask mask, Tokenizer tokenizer, Random random, int patience) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (int step = 0; step < 20 * patience; step++) {
      BitSet allowed = BitSet.valueOf(mask.allowed());
      boolean hurry = step > patience;
      int token = choose(allowed, tokenizer, random, hurry);
      if (token < 0) {
        return text.toString(StandardCharsets.UTF_8);
      }
      mask.accept(token);
      text.writeBytes(tokenizer.decodeBytes(token));
    }
    throw new AssertionError(
        "no end after " + 20 * patience + " tokens: " + text.toString(StandardCharsets.UTF_8));
  }

  /** A token, -1 to end. */
  private static int choose(BitSet allowed, Tokenizer tokenizer, Random random, boolean hurry) {
    int end = tokenizer.eos().orElseThrow();
    if (allowed.get(end) && (hurry || allowed.cardinality() == 1 || random.nextInt(8) == 0)) {
      return -1;
    }
    allowed.clear(end);
    if (hurry) {
      for (String close : new String[] {"\"", "}", "]"}) {
        int id = tokenizer.encode(close)[0];
        if (allowed.get(id)) {
          return id;
        }
      }
    }
    int skip = random.nextInt(allowed.cardinality());
    int token = allowed.nextSetBit(0);
    while (skip-- > 0) {
      token = allowed.nextSetBit(token + 1);
    }
    return token;
  }
}
