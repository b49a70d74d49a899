package dev.hadal.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Regular expressions, choices, JSON mode and GBNF: what they accept and how they fail. */
final class GrammarsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "[a-c]+ ~ abccba ~ abd",
        "^(foo|ba[rz])$ ~ baz ~ bar!",
        "\\d{3}-\\d{4} ~ 555-1234 ~ 5551234",
        "a{2,3} ~ aaa ~ aaaa",
        "(ab){0,2}c ~ ababc ~ abababc",
        "[^x]y ~ éy ~ xy",
        "\\p{Lu}\\w* ~ Ünix ~ ünix",
        "\\u00e9|\\u{1F600} ~ 😀 ~ e",
        ".\\s. ~ 漢\u00a0字 ~ 漢字",
        "(?:a|b)*?c ~ ababc ~ abab",
        "[\\]\\-a]+ ~ ]-a ~ b",
        "a{x} ~ a{x} ~ a",
      })
  void regularExpressionsMatchFromEndToEnd(String pattern, String matching, String other) {
    Grammar grammar = Regex.of(pattern);
    assertThat(grammar.matches(matching)).isTrue();
    assertThat(grammar.matches(other)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "a(?=b) ~ look-ahead",
        "(?<!a)b ~ look-behind",
        "(a)\\1 ~ backreference",
        "\\bword ~ boundary",
        "a(b ~ not closed",
        "a) ~ closes nothing",
        "[z-a] ~ backwards",
        "*a ~ nothing to repeat",
        "a{3,2} ~ ascend",
        "a^b ~ ^ behind something",
        "\\p{Nonsense} ~ not known",
        "a\\ ~ ends the pattern",
      })
  void aPatternThatIsNotSupportedSaysWhy(String pattern, String why) {
    assertThatThrownBy(() -> Regex.of(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @Test
  void choicesAreExactlyThose() {
    Grammar grammar = Choices.of(List.of("yes", "no", "не знаю", "yes, but"));
    assertThat(List.of("yes", "no", "не знаю", "yes, but")).allMatch(grammar::matches);
    assertThat(List.of("", "y", "yes,", "maybe")).noneMatch(grammar::matches);
    assertThatThrownBy(() -> Choices.of(List.of())).hasMessageContaining("at least one");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"a\":1}",
        "{\n  \"a\": [1, -2.5e+10, true, null, \"x\\n\\u00e9\\ud83d\\ude00\"],\n  \"b\": {}\n}",
        "{\"é\": \"漢\"}",
      })
  void jsonModeWritesJson(String text) {
    assertThat(JsonMode.object().matches(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"a\":01}",
        "{'a':1}",
        "{\"a\":1,}",
        "{\"a\":\"\t\"}",
        "{\"a\":\"\\ud83d\"}",
        "{\"a\":1}}",
        "{\"a\" 1}",
        "{\"a\":.5}",
        "{\n\n\n\"a\":1}",
        "{\"a\":tru}",
      })
  void jsonModeWritesNothingElse(String text) {
    assertThat(JsonMode.object().matches(text)).isFalse();
  }

  @Test
  void nestingHasAnEnd() {
    assertThat(JsonMode.value().matches("[".repeat(64) + "]".repeat(64))).isTrue();
    assertThat(JsonMode.value().matches("[".repeat(65) + "]".repeat(65))).isFalse();
    Grammar lists = Gbnf.of("root ::= \"[\" root? \"]\"");
    assertThat(lists.matches("[".repeat(50_000) + "]".repeat(50_000))).isTrue();
  }

  private static final String ARITHMETIC =
      """
      # sums, products and what they are made of
      root  ::= (expr "=" ws term "\\n")+
      expr  ::= term ([-+*/] term)*
      term  ::= ident | num | "(" ws expr ")" ws
      ident ::= [a-z] [a-z0-9_]* ws
      num   ::= [0-9]+ ws
      ws    ::= [ \\t\\n]*
      """;
  private static final String CHESS =
      """
      root   ::= "1. " move " " move "\\n" ([1-9] [0-9]? ". " move " " move "\\n"){0,3}
      move   ::= (pawn | piece | castle) [+#]?
      piece  ::= [NBKQR] [a-h]? [1-8]? "x"? [a-h] [1-8]
      pawn   ::= ([a-h] "x")? [a-h] [1-8] ("=" [NBQR])?
      castle ::= "O-O" "-O"?
      """;
  private static final String LIST =
      """
      root ::= item+
      item ::= "- " [^\\r\\n\\x0b\\u0085\\u2028]+ "\\n"
      """;

  @Test
  void gbnfHasWhatItsExamplesUse() {
    Grammar arithmetic = Gbnf.of(ARITHMETIC);
    assertThat(arithmetic.matches("(x +12)*y=42\n")).isTrue();
    assertThat(arithmetic.matches("(x +12*y=42\n")).isFalse();
    Grammar chess = Gbnf.of(CHESS);
    assertThat(chess.matches("1. e4 e5\n2. Nf3 Nc6\n3. O-O exd4=Q#\n")).isTrue();
    assertThat(chess.matches("1. e9 e5\n")).isFalse();
    Grammar list = Gbnf.of(LIST);
    assertThat(list.matches("- one\n- zwei ü\n")).isTrue();
    assertThat(list.matches("- one\n\n")).isFalse();
  }

  @Test
  void gbnfRepeatsEscapesAndGoesOnOverLines() {
    Grammar grammar =
        Gbnf.of(
            "root ::= \"a\"{2} \"b\"{1,} [\\x41-\\x43]{,2} (\n \"\\U0001F600\"\n | .\n)\n | \"z\"");
    assertThat(List.of("aab😀", "aabbbAC?", "z")).allMatch(grammar::matches);
    assertThat(List.of("ab😀", "aabABCD", "zz")).noneMatch(grammar::matches);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "root ::= other ~ rule 'other' is used but nowhere defined",
        "root ::= root \"a\" | \"b\" ~ rule 'root' begins with itself (root -> root)",
        "root ::= \"x\"? a\\na ::= root ~ begins with itself",
        "root ::= \"a ~ '\"' is not closed",
        "root ::= [a ~ '[' is not closed",
        "root ::= (\"a\" ~ '(' is not closed",
        "root = \"a\" ~ '::=' is expected",
        "start ::= \"a\" ~ there is no rule 'root'",
        "root ::= \"a\"{3,1} ~ ascend",
        "root ::= \"\\q\" ~ escape \\q is not known",
        "root ::= \"a\" root ~ no text satisfies",
        "root ::= \"a\"\\nroot ::= \"b\" ~ defined twice",
      })
  void aBrokenGrammarSaysWhatAndWhere(String grammar, String why) {
    assertThatThrownBy(() -> Gbnf.of(grammar.replace("\\n", "\n")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @Test
  void damagedGrammarsAreReadOrRefusedButNeverFail() {
    Random random = new Random(7);
    String[] whole = {ARITHMETIC, CHESS, LIST};
    int refused = 0;
    for (int i = 0; i < 2_000; i++) {
      StringBuilder text = new StringBuilder(whole[i % whole.length]);
      for (int edit = 0; edit <= random.nextInt(4); edit++) {
        int at = random.nextInt(Math.max(1, text.length()));
        switch (random.nextInt(3)) {
          case 0 -> text.delete(at, at + 1);
          case 1 -> text.insert(at, "\"[](){}|*+?\\:=#\n^-x0".charAt(random.nextInt(20)));
          default -> text.setLength(Math.max(1, at));
        }
      }
      try {
        Gbnf.of(text.toString());
      } catch (IllegalArgumentException e) {
        refused++;
        assertThat(e).hasMessageMatching("(?s).{20,}");
      }
    }
    assertThat(refused).isBetween(500, 1_999);
  }

  @Test
  void formsAreJoinedWhateverTheirRulesAreCalled() {
    Grammar nested = Gbnf.of("root ::= answer\nanswer ::= \"(\" answer? \")\"");
    Grammar listed = Gbnf.of("root ::= answer\nanswer ::= \"x\" (\",\" answer)?");
    Grammar either = Grammar.anyOf(List.of(nested, listed)).between("<", ">");

    assertThat(either.matches("<(())>")).isTrue();
    assertThat(either.matches("<x,x>")).isTrue();
    assertThat(either.matches("<(x)>")).isFalse();
    assertThat(either.matches("(())")).isFalse();
  }
}
