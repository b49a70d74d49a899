package dev.hadal.app.store;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is searched for, and where it stands in a text. Characters of scripts that put no spaces
 * between words are words of their own, so that one is enough to find a text; other words are found
 * by their beginning.
 *
 * @param words as they were typed
 */
record Words(List<String> words) {
  private static final Pattern SPACES = Pattern.compile("[\\s\\p{Z}]+");
  private static final int BEFORE = 40;
  private static final int LENGTH = 160;

  static Words of(String query) {
    List<String> words = new ArrayList<>();
    for (String word : SPACES.split(query, -1)) {
      if (word.codePoints().anyMatch(Character::isLetterOrDigit)) {
        words.add(word);
      }
    }
    return new Words(words);
  }

  /** A text as the index takes it: characters that are words stand alone. */
  static String indexed(String text) {
    StringBuilder spaced = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(c -> {
          if (standsAlone(c)) {
            spaced.append(' ').appendCodePoint(c).append(' ');
          } else {
            spaced.appendCodePoint(c == 0 ? ' ' : c);
          }
        });
    return spaced.toString();
  }

  private static boolean standsAlone(int c) {
    return switch (Character.UnicodeScript.of(c)) {
      case HAN, HIRAGANA, KATAKANA, HANGUL, BOPOMOFO, THAI, LAO, KHMER, MYANMAR -> true;
      default -> false;
    };
  }

  /** The question in FTS5's language; every word is quoted, so that none of it is syntax. */
  String match() {
    return words.stream().map(Words::phrase).collect(Collectors.joining(" AND "));
  }

  private static String phrase(String word) {
    int last = word.codePointBefore(word.length());
    String quoted = "\"" + indexed(word).replace("\"", " ") + "\"";
    return standsAlone(last) ? quoted : quoted + " *";
  }

  /**
   * A piece of the text around the first word, and where in it the words are.
   *
   * @param message null where it is the conversation's title
   */
  Match in(@Nullable String message, String text) {
    String folded = folded(text);
    List<String> sought = words.stream().flatMap(w -> parts(w).stream()).distinct().toList();
    int first =
        sought.stream().mapToInt(w -> find(folded, w, 0)).filter(i -> i >= 0).min().orElse(0);
    int begin = boundary(text, Math.max(0, first - BEFORE));
    int end = boundary(text, Math.min(text.length(), begin + LENGTH));
    String head = begin > 0 ? "... " : "";
    String snippet =
        head
            + text.substring(begin, end).replaceAll("\\s", " ")
            + (end < text.length() ? " ..." : "");
    List<int[]> ranges = new ArrayList<>();
    for (String word : sought) {
      for (int at = find(folded, word, begin);
          at >= 0 && at + word.length() <= end;
          at = find(folded, word, at + word.length())) {
        int from = at - begin + head.length();
        ranges.add(new int[] {from, from + word.length()});
      }
    }
    return new Match(message, snippet, merged(ranges));
  }

  /** A word's parts as the index cuts it: runs of letters and digits. */
  private static List<String> parts(String word) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    folded(word)
        .codePoints()
        .forEach(c -> {
          if (Character.isLetterOrDigit(c)) {
            part.appendCodePoint(c);
          } else if (!part.isEmpty()) {
            parts.add(part.toString());
            part.setLength(0);
          }
        });
    if (!part.isEmpty()) {
      parts.add(part.toString());
    }
    return parts;
  }

  /** Where a word begins; one of a script without spaces may begin anywhere. */
  private static int find(String text, String word, int from) {
    boolean anywhere = standsAlone(word.codePointAt(0));
    for (int at = text.indexOf(word, from); at >= 0; at = text.indexOf(word, at + 1)) {
      if (anywhere
          || at == 0
          || !Character.isLetterOrDigit(text.codePointBefore(at))
          || standsAlone(text.codePointBefore(at))) {
        return at;
      }
    }
    return -1;
  }

  /** Small letters without accents, every character where it was. */
  private static String folded(String text) {
    StringBuilder folded = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80
          && Character.isLetter(c)
          && Character.UnicodeScript.of(c) != Character.UnicodeScript.HANGUL) {
        c = Normalizer.normalize(String.valueOf(c), Normalizer.Form.NFD).charAt(0);
      }
      folded.append(Character.toLowerCase(c));
    }
    return folded.toString().toLowerCase(Locale.ROOT).length() == folded.length()
        ? folded.toString().toLowerCase(Locale.ROOT)
        : folded.toString();
  }

  private static int boundary(String text, int at) {
    boolean cuts = at > 0 && at < text.length() && Character.isLowSurrogate(text.charAt(at));
    return cuts ? at - 1 : at;
  }

  private static List<int[]> merged(List<int[]> ranges) {
    List<int[]> merged = new ArrayList<>();
    for (int[] range : ranges.stream().sorted((a, b) -> Integer.compare(a[0], b[0])).toList()) {
      if (!merged.isEmpty() && range[0] <= merged.getLast()[1]) {
        merged.getLast()[1] = Math.max(merged.getLast()[1], range[1]);
      } else {
        merged.add(range);
      }
    }
    return merged;
  }
}
