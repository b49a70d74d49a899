package dev.hadal.tokenizer;

import java.util.HashSet;
import java.util.Set;

/**
 * BERT's model: a word is the longest token it begins with, then the longest continuation, and so
 * on; a word that cannot be spelled out is unknown as a whole. Source: Devlin et al.,
 * arXiv:1810.04805.
 */
final class WordPiece implements Model {
  private final Vocabulary vocabulary;
  private final String wordPrefix;
  private final String continuingPrefix;
  private final int unknown;
  private final int maxCharacters;
  private final int longest;

  /**
   * A model whose tokens carry a mark.
   *
   * @param wordPrefix what a token at a word's beginning starts with: ▁ in GGUF, nothing in {@code
   *     tokenizer.json}
   * @param continuingPrefix what one inside a word starts with: nothing in GGUF, ## in {@code
   *     tokenizer.json}
   * @param maxCharacters a longer word is unknown
   */
  WordPiece(
      Vocabulary vocabulary,
      String wordPrefix,
      String continuingPrefix,
      int unknown,
      int maxCharacters) {
    this.vocabulary = vocabulary;
    this.wordPrefix = wordPrefix;
    this.continuingPrefix = continuingPrefix;
    this.unknown = unknown;
    this.maxCharacters = maxCharacters;
    Set<Integer> lengths = new HashSet<>();
    for (int id = 0; id < vocabulary.size(); id++) {
      lengths.add(vocabulary.token(id).length());
    }
    longest = lengths.stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  @Override
  public void encode(byte[] text, int from, int to, IntList ids) {
    String word = new String(text, from, to - from, java.nio.charset.StandardCharsets.UTF_8);
    int start = ids.size();
    boolean spelled = word.codePointCount(0, word.length()) <= maxCharacters;
    String prefix = wordPrefix;
    for (int at = 0; spelled && at < word.length(); prefix = continuingPrefix) {
      int end = longestToken(word, at, prefix, ids);
      spelled = end > at;
      at = end;
    }
    if (!spelled) {
      ids.truncate(start);
      if (unknown >= 0) {
        ids.add(unknown);
      }
    }
  }

  /**
   * Adds the longest token at this place; returns where it ends, or the place itself when there is
   * none.
   */
  private int longestToken(String word, int at, String prefix, IntList ids) {
    int window = Math.min(word.length() - at, longest);
    String candidate = prefix + word.substring(at, at + window);
    int[] hashes = new int[candidate.length() + 1];
    for (int i = 0; i < candidate.length(); i++) {
      hashes[i + 1] = 31 * hashes[i] + candidate.charAt(i);
    }
    for (int end = candidate.length(); end > prefix.length(); end--) {
      int id = vocabulary.find(hashes[end], candidate, 0, end);
      if (id >= 0) {
        ids.add(id);
        return at + end - prefix.length();
      }
    }
    return at;
  }
}
