package dev.hadal.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * UTF-8 as this package needs it: a lone surrogate becomes U+FFFD, where {@code String.getBytes}
 * would write a question mark.
 */
final class Utf8 {
  private Utf8() {}

  static byte[] encode(String text) {
    return hasLoneSurrogate(text)
        ? repaired(text).getBytes(StandardCharsets.UTF_8)
        : text.getBytes(StandardCharsets.UTF_8);
  }

  static String decode(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** How many bytes the character that starts with this byte takes. */
  static int length(byte first) {
    return first >= 0 ? 1 : first < (byte) 0xE0 ? 2 : first < (byte) 0xF0 ? 3 : 4;
  }

  /** The code point at a place of well-formed text. */
  static int codePoint(byte[] text, int at) {
    int first = text[at];
    if (first >= 0) {
      return first;
    }
    if (first < (byte) 0xE0) {
      return (first & 0x1F) << 6 | (text[at + 1] & 0x3F);
    }
    if (first < (byte) 0xF0) {
      return (first & 0x0F) << 12 | (text[at + 1] & 0x3F) << 6 | (text[at + 2] & 0x3F);
    }
    return (first & 0x07) << 18
        | (text[at + 1] & 0x3F) << 12
        | (text[at + 2] & 0x3F) << 6
        | (text[at + 3] & 0x3F);
  }

  static int hash(byte[] text, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + text[i];
    }
    hash *= 0x9E3779B9;
    return hash ^ hash >>> 16;
  }

  static boolean equal(byte[] whole, byte[] text, int from, int to) {
    return Arrays.equals(whole, 0, whole.length, text, from, to);
  }

  private static boolean hasLoneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return true;
        }
        i++;
      }
    }
    return false;
  }

  private static String repaired(String text) {
    StringBuilder repaired = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> repaired.appendCodePoint(c >= 0xD800 && c < 0xE000 ? 0xFFFD : c));
    return repaired.toString();
  }
}
