package dev.hadal.tokenizer;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Tokens in, whole characters out: a character whose bytes are spread over tokens is held back
 * until it is complete, so the pieces joined are exactly {@link Tokenizer#decode} of all ids. One
 * decoder belongs to one stream and one thread.
 */
public final class StreamDecoder {
  private final Tokenizer tokenizer;
  private final boolean showControl;
  private final CharsetDecoder utf8 =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private boolean atStart;
  private byte[] pending = new byte[0];

  /** A decoder of a text's beginning that leaves control tokens out. */
  public StreamDecoder(Tokenizer tokenizer) {
    this(tokenizer, false, true);
  }

  /**
   * A decoder.
   *
   * @param showControl write control tokens by their names, instead of leaving them out
   * @param atStart the tokens begin a text: the space which SentencePiece puts before every text is
   *     taken away. False when they continue one, as a completion continues its prompt
   */
  public StreamDecoder(Tokenizer tokenizer, boolean showControl, boolean atStart) {
    this.tokenizer = tokenizer;
    this.showControl = showControl;
    this.atStart = atStart && tokenizer.stripsLeadingSpace();
  }

  /** The characters this token completes, often none or several. */
  public String add(int id) {
    if (tokenizer.isControl(id)) {
      return showControl ? flush() + tokenizer.token(id) : "";
    }
    byte[] bytes = tokenizer.decodeBytes(id);
    int from = 0;
    if (atStart && bytes.length > 0) {
      atStart = false;
      from = bytes[0] == ' ' ? 1 : 0;
    }
    return decode(bytes, from, false);
  }

  /** What is left at the end of the stream: U+FFFD for a character that never became whole. */
  public String flush() {
    return decode(new byte[0], 0, true);
  }

  private String decode(byte[] bytes, int from, boolean last) {
    int added = bytes.length - from;
    if (added == 0 && pending.length == 0) {
      return "";
    }
    ByteBuffer in =
        ByteBuffer.allocate(pending.length + added).put(pending).put(bytes, from, added).flip();
    CharBuffer out = CharBuffer.allocate(in.remaining());
    utf8.reset();
    // The buffer holds a char a byte, so overflow cannot come; malformed input is replaced.
    utf8.decode(in, out, last);
    pending = new byte[in.remaining()];
    in.get(pending);
    return out.flip().toString();
  }
}
