package dev.hadal.tokenizer;

import dev.hadal.format.FormatException;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds tokens that are cut out of a text before anything else sees it: control tokens and those a
 * user added. Longest match first.
 */
final class AddedTokens {
  private static final int MAX_LENGTH = 1024;

  /**
   * A token to find.
   *
   * @param special recognised only where control tokens are
   * @param singleWord only where no word character touches it
   * @param leftStrip takes the whitespace before it along
   * @param rightStrip takes the whitespace after it along
   */
  record Token(
      String text,
      int id,
      boolean special,
      boolean singleWord,
      boolean leftStrip,
      boolean rightStrip) {
    static Token plain(String text, int id, boolean special) {
      return new Token(text, id, special, false, false, false);
    }
  }

  /** Takes a text apart, in order. */
  interface Sink {
    void text(String text, boolean first);

    void token(int id);
  }

  private final List<Token> tokens;
  private final BitSet firstChars = new BitSet();

  /** (node, char) to node; a node is the number of a distinct prefix. */
  private final LongMap edges = new LongMap(64);

  /** Node to the index of the token that ends there. */
  private final LongMap ends = new LongMap(64);

  private final CodePointSet word = CodePointSet.word();

  AddedTokens(String file, List<Token> tokens) {
    this.tokens = tokens;
    for (int t = 0; t < tokens.size(); t++) {
      String text = tokens.get(t).text();
      if (text.length() > MAX_LENGTH) {
        throw new FormatException(
            file,
            -1,
            "added token "
                + tokens.get(t).id()
                + " has "
                + text.length()
                + " characters; at most "
                + MAX_LENGTH
                + " are allowed");
      }
      if (text.isEmpty()) {
        continue;
      }
      firstChars.set(text.charAt(0));
      int node = 0;
      for (int i = 0; i < text.length(); i++) {
        long key = (long) node << 16 | text.charAt(i);
        edges.putIfAbsent(key, edges.size() + 1);
        node = (int) edges.get(key);
      }
      ends.putIfAbsent(node, t);
    }
  }

  boolean isEmpty() {
    return tokens.isEmpty();
  }

  void split(String text, boolean first, boolean parseSpecial, Sink sink) {
    int done = 0;
    for (int at = 0; at < text.length(); ) {
      Token token = firstChars.get(text.charAt(at)) ? longest(text, at, parseSpecial) : null;
      if (token == null) {
        at++;
        continue;
      }
      int end = at + token.text().length();
      int start = at;
      while (token.leftStrip() && start > done && isSpace(text.charAt(start - 1))) {
        start--;
      }
      while (token.rightStrip() && end < text.length() && isSpace(text.charAt(end))) {
        end++;
      }
      if (start > done) {
        sink.text(text.substring(done, start), first && done == 0);
      }
      sink.token(token.id());
      done = end;
      at = end;
    }
    if (done < text.length()) {
      sink.text(text.substring(done), first && done == 0);
    }
  }

  private @Nullable Token longest(String text, int from, boolean parseSpecial) {
    Token found = null;
    long node = 0;
    for (int at = from; at < text.length(); at++) {
      node = edges.get(node << 16 | text.charAt(at));
      if (node == LongMap.ABSENT) {
        break;
      }
      long end = ends.get(node);
      if (end != LongMap.ABSENT) {
        Token token = tokens.get((int) end);
        if ((parseSpecial || !token.special())
            && !(token.singleWord() && touchesWord(text, from, at + 1))) {
          found = token;
        }
      }
    }
    return found;
  }

  private boolean touchesWord(String text, int from, int to) {
    return from > 0 && word.contains(text.codePointBefore(from))
        || to < text.length() && word.contains(text.codePointAt(to));
  }

  private static boolean isSpace(char c) {
    return CodePointSet.SPACE.contains(c);
  }
}
