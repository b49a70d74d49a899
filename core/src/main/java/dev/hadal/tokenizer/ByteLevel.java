package dev.hadal.tokenizer;

import java.util.Arrays;

/**
 * GPT-2's way to spell any byte as a visible character: printable Latin-1 stands for itself, the
 * other 68 bytes are U+0100 and up, so a space is {@code Ġ} and a line feed {@code Ċ}. Source:
 * openai/gpt-2, encoder.py, bytes_to_unicode.
 */
final class ByteLevel {
  private static final char[] CHAR_OF_BYTE = new char[256];
  private static final short[] BYTE_OF_CHAR = new short[0x180];

  static {
    Arrays.fill(BYTE_OF_CHAR, (short) -1);
    int next = 0x100;
    for (int b = 0; b < 256; b++) {
      boolean itself = b > 0x20 && b < 0x7F || b > 0xA0 && b != 0xAD;
      CHAR_OF_BYTE[b] = (char) (itself ? b : next++);
      BYTE_OF_CHAR[CHAR_OF_BYTE[b]] = (short) b;
    }
  }

  private ByteLevel() {}

  static char charOf(int b) {
    return CHAR_OF_BYTE[b & 0xFF];
  }

  /** The byte a character spells, or -1. */
  static int byteOf(char c) {
    return c < BYTE_OF_CHAR.length ? BYTE_OF_CHAR[c] : -1;
  }

  /** The spelling of bytes. */
  static String spell(byte[] bytes) {
    char[] chars = new char[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      chars[i] = charOf(bytes[i]);
    }
    return new String(chars);
  }

  /**
   * The bytes of a token; one that is not spelled this way, as added tokens are, stands for its own
   * characters.
   */
  static byte[] bytes(String token) {
    byte[] bytes = new byte[token.length()];
    for (int i = 0; i < bytes.length; i++) {
      int b = byteOf(token.charAt(i));
      if (b < 0) {
        return Utf8.encode(token);
      }
      bytes[i] = (byte) b;
    }
    return bytes;
  }
}
