package dev.hadal.tokenizer;

import java.util.OptionalInt;
import java.util.Set;

/**
 * A vocabulary with the rules that turn text into its ids and back. Instances are safe to share
 * between threads.
 *
 * <p>A lone surrogate in a Java string is not text; it is encoded as U+FFFD, the replacement
 * character. Every other string round-trips through a byte-level vocabulary: {@code
 * decode(encode(x)).equals(x)} unless the vocabulary itself normalises (NFC, lower case).
 */
public interface Tokenizer {
  /** The ids of plain text: nothing added around it, control tokens in it are only characters. */
  default int[] encode(String text) {
    return encode(text, false, false);
  }

  /**
   * The ids of a text.
   *
   * @param addSpecial put BOS and EOS (or the vocabulary's own frame) around it, where the
   *     vocabulary asks for them
   * @param parseSpecial recognise control tokens such as {@code <|im_end|>} in the text, as a
   *     rendered chat prompt needs; leave it off for text that strangers wrote
   */
  int[] encode(String text, boolean addSpecial, boolean parseSpecial);

  /** The text of ids, control tokens left out; bytes that form no character become U+FFFD. */
  default String decode(int[] ids) {
    return decode(ids, false);
  }

  /** The text of ids. */
  default String decode(int[] ids, boolean showControl) {
    StreamDecoder decoder = new StreamDecoder(this, showControl, true);
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      text.append(decoder.add(id));
    }
    return text.append(decoder.flush()).toString();
  }

  /**
   * The bytes a token stands for, a fresh array: {@code Ġthe} and {@code ▁the} both give {@code "
   * the"}; a control token gives its name.
   */
  byte[] decodeBytes(int id);

  /** Number of ids, holes included: ids are {@code 0 .. vocabSize() - 1}. */
  int vocabSize();

  /** The token as the vocabulary spells it ({@code Ġthe}, {@code ▁the}, {@code <0x0A>}). */
  String token(int id);

  /** The id of a token as the vocabulary spells it. */
  OptionalInt id(String token);

  /** The token that begins a text. */
  OptionalInt bos();

  /** The token that ends a text. */
  OptionalInt eos();

  /** The token that ends a turn of a chat. */
  OptionalInt eot();

  /**
   * Every token after which a model has nothing more to say: EOS, end of turn, end of message and
   * their well-known names.
   */
  Set<Integer> endOfGeneration();

  /** Whether the token steers the model and is no text. */
  boolean isControl(int id);

  /** Whether {@code addSpecial} puts a beginning-of-text token first. */
  boolean addsBos();

  /** Whether {@code addSpecial} puts an end-of-text token last. */
  boolean addsEos();

  /**
   * Whether encoding puts a space before a text, so that decoding takes one away again
   * (SentencePiece, WordPiece).
   */
  boolean stripsLeadingSpace();
}
