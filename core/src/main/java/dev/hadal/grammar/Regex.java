package dev.hadal.grammar;

/**
 * Texts that a regular expression matches from end to end, in the notation of ECMA-262: classes,
 * groups, alternatives, bounded repetition, {@code \d \w \s \p{..}}. Lazy repetition is read as
 * plain. Look-around, backreferences and word boundaries are refused by name.
 */
public final class Regex {
  private Regex() {}

  /**
   * @throws IllegalArgumentException if the pattern is malformed or of a kind not supported
   */
  public static Grammar of(String pattern) {
    return Grammar.of(
        algebra -> new RegexNodes(algebra, new Utf8Bytes(algebra)::of).whole(pattern));
  }
}
