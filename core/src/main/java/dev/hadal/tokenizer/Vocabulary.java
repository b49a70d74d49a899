package dev.hadal.tokenizer;

import dev.hadal.format.FormatException;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a vocabulary: spelling, kind, score and the bytes each stands for. Immutable but
 * for {@link #mark}, used while loading.
 */
final class Vocabulary {
  /** What a token is for; the order is GGUF's {@code token_type}. */
  enum Kind {
    UNDEFINED,
    NORMAL,
    UNKNOWN,
    CONTROL,
    USER_DEFINED,
    UNUSED,
    BYTE;

    private static final Kind[] ALL = values();

    static Kind of(long number) {
      return number < 0 || number >= ALL.length ? UNDEFINED : ALL[(int) number];
    }
  }

  /** How ordinary tokens spell their bytes. */
  enum Spelling {
    /** GPT-2's visible bytes. */
    BYTE_LEVEL,
    /** UTF-8 with ▁ for a space. */
    META,
    /** UTF-8 where a word's later parts begin with ##. */
    WORD_PIECE,
    /** UTF-8 as it stands. */
    PLAIN
  }

  private final String file;
  private final String[] tokens;
  private final Kind[] kinds;
  private final double[] scores;
  private final Spelling spelling;
  private final int[] slots;
  private final byte[] @Nullable [] bytes;

  /**
   * A vocabulary.
   *
   * @param tokens spellings by id; empty where an id is a hole
   * @param scores by id, or empty
   */
  Vocabulary(String file, String[] tokens, Kind[] kinds, double[] scores, Spelling spelling) {
    if (tokens.length == 0) {
      throw new FormatException(
          file, -1, "the vocabulary has no tokens; it cannot encode anything");
    }
    this.file = file;
    this.tokens = tokens;
    this.kinds = kinds;
    this.scores = scores;
    this.spelling = spelling;
    this.bytes = new byte[tokens.length][];
    this.slots = new int[Integer.highestOneBit(tokens.length) << 2];
    Arrays.fill(slots, -1);
    for (int id = 0; id < tokens.length; id++) {
      String token = tokens[id];
      // Of two tokens spelled alike the first keeps the name.
      if (!token.isEmpty() && id(token) < 0) {
        int slot = slot(token.hashCode());
        while (slots[slot] >= 0) {
          slot = slot + 1 & slots.length - 1;
        }
        slots[slot] = id;
      }
    }
  }

  String file() {
    return file;
  }

  int size() {
    return tokens.length;
  }

  String token(int id) {
    return tokens[id];
  }

  Kind kind(int id) {
    return kinds[id];
  }

  double score(int id) {
    return scores.length == 0 ? 0 : scores[id];
  }

  Spelling spelling() {
    return spelling;
  }

  /**
   * Changes a token's kind, for those whose name says better what they are than their file does.
   */
  void mark(int id, Kind kind) {
    kinds[id] = kind;
    bytes[id] = null;
  }

  /** The id of a spelling, or -1. */
  int id(String token) {
    return find(token.hashCode(), token, 0, token.length());
  }

  /**
   * The id of a part of a string whose hash, as {@code String.hashCode} counts it, is known; or -1.
   */
  int find(int hash, String text, int from, int to) {
    for (int slot = slot(hash); slots[slot] >= 0; slot = slot + 1 & slots.length - 1) {
      String token = tokens[slots[slot]];
      if (token.hashCode() == hash
          && token.length() == to - from
          && token.regionMatches(0, text, from, to - from)) {
        return slots[slot];
      }
    }
    return -1;
  }

  /** The id of {@code <0x0A>} and its like, or -1. */
  int byteToken(int b) {
    return id(String.format(Locale.ROOT, "<0x%02X>", b));
  }

  /** The bytes a token stands for; shared, not to be written. */
  byte[] bytes(int id) {
    byte[] known = bytes[id];
    if (known == null) {
      known = spelledBytes(id);
      bytes[id] = known;
    }
    return known;
  }

  private byte[] spelledBytes(int id) {
    String token = tokens[id];
    return switch (kinds[id]) {
      case CONTROL, UNKNOWN -> Utf8.encode(token);
      case USER_DEFINED -> Utf8.encode(spelling == Spelling.META ? token.replace('▁', ' ') : token);
      case BYTE -> {
        int b = byteValue(token);
        yield b < 0 ? Utf8.encode(token) : new byte[] {(byte) b};
      }
      case NORMAL, UNUSED, UNDEFINED ->
          switch (spelling) {
            case BYTE_LEVEL -> ByteLevel.bytes(token);
            case META -> Utf8.encode(token.replace('▁', ' '));
            case WORD_PIECE ->
                Utf8.encode(token.startsWith("##") ? token.substring(2) : " " + token);
            case PLAIN -> Utf8.encode(token);
          };
    };
  }

  /** The byte that {@code <0x0A>} and its like name, or -1. */
  static int byteValue(String token) {
    if (token.length() != 6 || !token.startsWith("<0x") || token.charAt(5) != '>') {
      return -1;
    }
    int high = Character.digit(token.charAt(3), 16);
    int low = Character.digit(token.charAt(4), 16);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  private int slot(int hash) {
    int mixed = hash * 0x9E3779B9;
    return (mixed ^ mixed >>> 15) & slots.length - 1;
  }
}
