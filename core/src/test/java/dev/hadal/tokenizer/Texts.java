package dev.hadal.tokenizer;

import java.util.List;
import java.util.Random;

/** Seeded texts over many scripts, with what usually goes wrong among them. */
final class Texts {
  private static final int[][] RANGES = {
    {0x20, 0x7E},
    {0x20, 0x7E},
    {0x61, 0x7A},
    {0x30, 0x39},
    {0, 0x20},
    {0xA0, 0x24F},
    {0x300, 0x36F},
    {0x370, 0x5FF},
    {0x900, 0xDFF},
    {0x2000, 0x20FF},
    {0x3000, 0x30FF},
    {0x4E00, 0x9FA5},
    {0x4E00, 0x4E30},
    {0xAC00, 0xD7A3},
    {0xFF00, 0xFFEF},
    {0x1F300, 0x1FAFF},
    {0x20000, 0x2A6D0}
  };
  private static final List<String> KNOTS =
      List.of(
          "'s",
          "'LL",
          "'ſ",
          " the",
          "   ",
          "\r\n",
          "\n\n",
          "1234567",
          "</s>",
          "<|endoftext|>",
          "don't",
          "\u0085",
          "\u3000");

  private Texts() {}

  static String random(Random random) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(80);
    while (text.length() < length) {
      int[] range = RANGES[random.nextInt(RANGES.length)];
      for (int i = random.nextInt(7); i >= 0; i--) {
        text.appendCodePoint(range[0] + random.nextInt(range[1] - range[0] + 1));
      }
      if (random.nextInt(5) == 0) {
        text.append(KNOTS.get(random.nextInt(KNOTS.size())));
      }
    }
    return text.toString();
  }
}
