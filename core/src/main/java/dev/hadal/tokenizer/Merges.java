package dev.hadal.tokenizer;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Which neighbouring symbols merge, in which order, into what. Symbols are token ids; what merges
 * pass through without it being a token gets a number from {@code vocabulary.size()} on.
 */
final class Merges {
  private final Vocabulary vocabulary;
  private final LongMap pairs;
  private final Map<String, Integer> unlisted = new HashMap<>();

  Merges(Vocabulary vocabulary, int expected) {
    this.vocabulary = vocabulary;
    this.pairs = new LongMap(expected);
  }

  /**
   * Every way in which two tokens (or characters) make a third, best score first: SentencePiece.
   */
  static Merges byScore(Vocabulary vocabulary) {
    Merges merges = new Merges(vocabulary, 2 * vocabulary.size());
    double[] order = new double[vocabulary.size()];
    for (int id = 0; id < order.length; id++) {
      order[id] = -vocabulary.score(id);
    }
    Arrays.sort(order);
    for (int id = 0; id < vocabulary.size(); id++) {
      merges.addSplits(id, lowest(order, -vocabulary.score(id)));
    }
    return merges;
  }

  /**
   * Every way in which two tokens make a third, lowest id first: tiktoken, whose ids are its ranks.
   */
  static Merges byId(Vocabulary vocabulary) {
    Merges merges = new Merges(vocabulary, 2 * vocabulary.size());
    for (int id = 0; id < vocabulary.size(); id++) {
      if (vocabulary.kind(id) == Vocabulary.Kind.NORMAL) {
        merges.addSplits(id, id);
      }
    }
    return merges;
  }

  /** The first place where a value stands, so that equal scores have equal ranks. */
  private static int lowest(double[] sorted, double value) {
    int low = 0;
    int high = sorted.length - 1;
    while (low < high) {
      int middle = low + high >>> 1;
      if (sorted[middle] < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** {@code spelled} is the left part, a character to skip, and the right part. */
  void add(String spelled, int skip, int rank) {
    int hash = 0;
    for (int i = 0; i < skip; i++) {
      hash = 31 * hash + spelled.charAt(i);
    }
    int left = symbol(hash, spelled, 0, skip);
    int rightHash = 0;
    for (int i = skip + 1; i < spelled.length(); i++) {
      hash = 31 * hash + spelled.charAt(i);
      rightHash = 31 * rightHash + spelled.charAt(i);
    }
    int right = symbol(rightHash, spelled, skip + 1, spelled.length());
    String joined = spelled.substring(0, skip).concat(spelled.substring(skip + 1));
    add(left, right, rank, symbol(hash, joined, 0, joined.length()));
  }

  void add(int left, int right, int rank, int merged) {
    pairs.putIfAbsent((long) left << 32 | right, (long) rank << 32 | merged);
  }

  /**
   * Rank in the high half, merged symbol in the low; {@link LongMap#ABSENT} when the two do not
   * merge.
   */
  long get(int left, int right) {
    return left < 0 || right < 0 ? LongMap.ABSENT : pairs.get((long) left << 32 | right);
  }

  /** The symbol with this spelling, or -1. */
  int symbol(String spelling) {
    int id = vocabulary.id(spelling);
    return id >= 0 ? id : unlisted.getOrDefault(spelling, -1);
  }

  /** Whether every symbol is a token. */
  boolean allListed() {
    return unlisted.isEmpty();
  }

  /** Takes the two symbols of a pair. */
  interface PairSink {
    void pair(int left, int right);
  }

  void forEachPair(PairSink sink) {
    pairs.forEachKey(key -> sink.pair((int) (key >>> 32), (int) key));
  }

  /** Every character that is a symbol. */
  LongMap characters() {
    LongMap characters = new LongMap(vocabulary.size());
    for (int id = 0; id < vocabulary.size(); id++) {
      String token = vocabulary.token(id);
      if (!token.isEmpty() && token.length() == Character.charCount(token.codePointAt(0))) {
        characters.putIfAbsent(token.codePointAt(0), id);
      }
    }
    unlisted.forEach((token, symbol) -> {
      if (!token.isEmpty() && token.length() == Character.charCount(token.codePointAt(0))) {
        characters.putIfAbsent(token.codePointAt(0), symbol);
      }
    });
    return characters;
  }

  private int symbol(int hash, String text, int from, int to) {
    int id = vocabulary.find(hash, text, from, to);
    return id >= 0 ? id : unlisted(text.substring(from, to));
  }

  private int unlisted(String spelling) {
    return unlisted.computeIfAbsent(spelling, s -> vocabulary.size() + unlisted.size());
  }

  private void addSplits(int id, int rank) {
    String token = vocabulary.token(id);
    if (token.isEmpty() || vocabulary.id(token) != id) {
      return;
    }
    int whole = token.hashCode();
    int left = 0;
    int[] powers = powers(token.length());
    for (int at = 0; at < token.length(); ) {
      int c = token.codePointAt(at);
      for (int i = Character.charCount(c); i > 0; i--) {
        left = 31 * left + token.charAt(at++);
      }
      if (at == token.length()) {
        return;
      }
      int leftId = vocabulary.find(left, token, 0, at);
      if (leftId < 0 && at != Character.charCount(c)) {
        continue; // most prefixes are no token: no need to look at what is left
      }
      int rightId =
          vocabulary.find(whole - left * powers[token.length() - at], token, at, token.length());
      if (leftId < 0) {
        leftId = unlisted(token.substring(0, at));
      }
      if (rightId < 0 && token.length() - at == Character.charCount(token.codePointAt(at))) {
        rightId = unlisted(token.substring(at));
      }
      if (leftId >= 0 && rightId >= 0) {
        add(leftId, rightId, rank, id);
      }
    }
  }

  private static int[] powers(int length) {
    int[] powers = new int[length + 1];
    powers[0] = 1;
    for (int i = 1; i <= length; i++) {
      powers[i] = 31 * powers[i - 1];
    }
    return powers;
  }
}
