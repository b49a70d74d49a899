package dev.hadal.bench.serving;

import dev.hadal.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Prompts that nobody has seen: of random tokens, the same in every run. Owned by one thread. */
final class FreshPrompts {
  private final SplittableRandom random = new SplittableRandom(1);
  private final Tokenizer tokenizer;
  private final int vocabSize;

  /**
   * @param vocabSize the model's, which may be larger than the tokenizer's
   */
  FreshPrompts(Tokenizer tokenizer, int vocabSize) {
    this.tokenizer = tokenizer;
    this.vocabSize = Math.min(vocabSize, tokenizer.vocabSize());
  }

  int[] tokens(int count) {
    int[] tokens = new int[count];
    Arrays.setAll(tokens, i -> token());
    return tokens;
  }

  /** The same prompt up to its last tokens. */
  int[] withOtherEnd(int[] prompt, int count) {
    int[] other = prompt.clone();
    for (int i = Math.max(0, other.length - count); i < other.length; i++) {
      other[i] = token();
    }
    return other;
  }

  /** Small letters and spaces. */
  String text(int characters) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < characters; i++) {
      text.append(i % 6 == 5 ? ' ' : (char) ('a' + random.nextInt(26)));
    }
    return text.toString();
  }

  private int token() {
    int token;
    do {
      token = random.nextInt(vocabSize);
    } while (tokenizer.isControl(token));
    return token;
  }
}
