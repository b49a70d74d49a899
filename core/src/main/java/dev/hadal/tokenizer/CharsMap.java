package dev.hadal.tokenizer;

import dev.hadal.format.FormatException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * SentencePiece's compiled normalisation: a double array (Darts) over UTF-8 that finds the longest
 * prefix to replace, and the replacements, each ended by a zero. Layout: u32 size of the array in
 * bytes, the array's u32 units, the replacements; little-endian. Source: sentencepiece,
 * normalizer.cc; darts-clone.
 */
final class CharsMap implements Normalizer {
  private final int[] units;
  private final byte[] replacements;

  CharsMap(String file, byte[] blob) {
    if (blob.length < 4) {
      throw new FormatException(
          file, -1, "the character map has " + blob.length + " bytes, its header alone needs 4");
    }
    ByteBuffer buffer = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN);
    long size = Integer.toUnsignedLong(buffer.getInt());
    if (size % 4 != 0 || size > buffer.remaining()) {
      throw new FormatException(
          file,
          -1,
          "the character map says its array has "
              + size
              + " bytes, "
              + buffer.remaining()
              + " follow; expected a multiple of 4 within");
    }
    units = new int[(int) size / 4];
    for (int i = 0; i < units.length; i++) {
      units[i] = buffer.getInt();
    }
    replacements = new byte[buffer.remaining()];
    buffer.get(replacements);
  }

  @Override
  public String apply(String text) {
    byte[] in = Utf8.encode(text);
    ByteArrayOutputStream out = new ByteArrayOutputStream(in.length + 16);
    for (int at = 0; at < in.length; ) {
      long match = longest(in, at);
      if (match < 0) {
        int width = Utf8.length(in[at]);
        out.write(in, at, width);
        at += width;
      } else {
        int from = (int) (match & 0xFFFFFFFFL);
        int end = from;
        while (end < replacements.length && replacements[end] != 0) {
          end++;
        }
        if (from < end) {
          out.write(replacements, from, end - from);
        }
        at += (int) (match >>> 32);
      }
    }
    return Utf8.decode(out.toByteArray());
  }

  /**
   * Length of the longest prefix that has a replacement, and where that stands; -1 for none. A
   * damaged array only ends the search.
   */
  private long longest(byte[] text, int from) {
    long found = -1;
    if (units.length == 0) {
      return found;
    }
    int node = base(units[0]);
    for (int at = from; at < text.length && text[at] != 0; at++) {
      int c = text[at] & 0xFF;
      node ^= c;
      if (node < 0 || node >= units.length || (units[node] & 0x800000FF) != c) {
        break;
      }
      int unit = units[node];
      node ^= base(unit);
      if ((unit >>> 8 & 1) != 0 && node >= 0 && node < units.length) {
        found = (long) (at - from + 1) << 32 | (units[node] & 0x7FFFFFFF);
      }
    }
    // A match that cuts a character of a damaged map apart would leave broken UTF-8 behind.
    int end = from + (int) (found >>> 32);
    return found < 0 || end < text.length && (text[end] & 0xC0) == 0x80 ? -1 : found;
  }

  private static int base(int unit) {
    return unit >>> 10 << ((unit & 1 << 9) >>> 6);
  }
}
