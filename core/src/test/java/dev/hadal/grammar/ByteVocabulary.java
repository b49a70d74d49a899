package dev.hadal.grammar;

import dev.hadal.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** All bytes, some words, an end and two control tokens; encoding is byte by byte. */
final class ByteVocabulary implements Tokenizer {
  static final int END = 0;
  static final int THINK = 1;
  static final int THINK_END = 2;
  private static final List<String> NAMES = List.of("<end>", "<think>", "</think>");

  private final List<byte[]> tokens = new ArrayList<>();

  ByteVocabulary(String... words) {
    NAMES.forEach(name -> tokens.add(name.getBytes(StandardCharsets.UTF_8)));
    for (int i = 0; i < 256; i++) {
      tokens.add(new byte[] {(byte) i});
    }
    for (String word : words) {
      tokens.add(word.getBytes(StandardCharsets.UTF_8));
    }
  }

  @Override
  public int[] encode(String text, boolean addSpecial, boolean parseSpecial) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int[] ids = new int[bytes.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = NAMES.size() + (bytes[i] & 0xFF);
    }
    return ids;
  }

  @Override
  public byte[] decodeBytes(int id) {
    return tokens.get(id).clone();
  }

  @Override
  public int vocabSize() {
    return tokens.size();
  }

  @Override
  public String token(int id) {
    return new String(tokens.get(id), StandardCharsets.UTF_8);
  }

  @Override
  public OptionalInt id(String token) {
    int at = NAMES.indexOf(token);
    for (int id = NAMES.size() + 256; at < 0 && id < tokens.size(); id++) {
      at = token(id).equals(token) ? id : -1;
    }
    return at < 0 ? OptionalInt.empty() : OptionalInt.of(at);
  }

  @Override
  public OptionalInt bos() {
    return OptionalInt.empty();
  }

  @Override
  public OptionalInt eos() {
    return OptionalInt.of(END);
  }

  @Override
  public OptionalInt eot() {
    return OptionalInt.empty();
  }

  @Override
  public Set<Integer> endOfGeneration() {
    return Set.of(END);
  }

  @Override
  public boolean isControl(int id) {
    return id < NAMES.size();
  }

  @Override
  public boolean addsBos() {
    return false;
  }

  @Override
  public boolean addsEos() {
    return false;
  }

  @Override
  public boolean stripsLeadingSpace() {
    return false;
  }
}
