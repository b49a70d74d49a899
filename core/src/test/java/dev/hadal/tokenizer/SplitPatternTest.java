package dev.hadal.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SplitPatternTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        Patterns.GPT2,
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}|"
            + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
        "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t)?|\\p{N}{1,3}|\\s+(?!\\S)|\\s+",
        "[\\p{Lo}&&[^\\p{IsHan}]]+|a{2,3}?b|(?:ab|a)(?:c|bcd)?",
        "\\s+$|\\d+(?=[a-z])|x*?y",
        "(?:a|b|ab)*c|[^a-c ]{2}"
      })
  void cutsWhereABacktrackingEngineDoes(String pattern) {
    Random random = new Random(11);
    SplitPattern ours = new SplitPattern(pattern);
    Pattern theirs =
        Pattern.compile(pattern, Pattern.UNICODE_CASE | Pattern.UNICODE_CHARACTER_CLASS);
    for (int i = 0; i < 1500; i++) {
      // The JDK's $ also matches before a last line break, and its \s knows U+001C to U+001F: keep
      // to common ground.
      String text =
          i % 2 == 0
              ? letters(random)
              : Texts.random(random).replaceAll("[\\u001C-\\u001F]", "") + ".";
      assertThat(ours(ours, text)).as(text).isEqualTo(theirs(theirs, text));
    }
  }

  @Test
  void readsAnEndlessRunOnce() {
    SplitPattern pattern = new SplitPattern("\\s+$|[ab]*c");
    byte[] text =
        ("a".repeat(500_000) + " ".repeat(500_000) + "x").getBytes(StandardCharsets.UTF_8);
    int[] pieces = {0};
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> pattern.split(text, 0, text.length, (from, to, matches) -> pieces[0]++));
    assertThat(pieces[0]).isOne();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(",
        "[a",
        "a{3,1}",
        "(?<=a)b",
        "(?=ab)c",
        "\\p{Nonsense}",
        "a{9999}",
        "(?:(?:a{1000}){1000}){1000}",
        "\\",
        "*a",
        "[z-a]",
        ")"
      })
  void whatItDoesNotUnderstandItNames(String pattern) {
    assertThatThrownBy(() -> new SplitPattern(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("splitting pattern");
  }

  @Test
  void deepNestingEndsInAnError() {
    String pattern = "(".repeat(100_000);
    assertThatThrownBy(() -> new SplitPattern(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("deeper");
  }

  private static String letters(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(20); i >= 0; i--) {
      text.append("abcxy1 中'sT".charAt(random.nextInt(11)));
    }
    return text.toString();
  }

  private static List<String> ours(SplitPattern pattern, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    List<String> pieces = new ArrayList<>();
    pattern.split(
        bytes,
        0,
        bytes.length,
        (from, to, matches) ->
            pieces.add(matches + ":" + new String(bytes, from, to - from, StandardCharsets.UTF_8)));
    return pieces;
  }

  private static List<String> theirs(Pattern pattern, String text) {
    List<String> pieces = new ArrayList<>();
    Matcher matcher = pattern.matcher(text);
    int done = 0;
    while (matcher.find()) {
      if (matcher.end() == matcher.start()) {
        continue;
      }
      if (matcher.start() > done) {
        pieces.add("false:" + text.substring(done, matcher.start()));
      }
      pieces.add("true:" + matcher.group());
      done = matcher.end();
    }
    if (done < text.length()) {
      pieces.add("false:" + text.substring(done));
    }
    return pieces;
  }
}
