package dev.hadal.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.engine.LogitMask;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which tokens a state allows: the walk over the tree says what trying every token would. */
final class TokenMasksTest {
  private static final ByteVocabulary WORDS =
      new ByteVocabulary(
          "the",
          "\"the",
          "\":",
          "\",",
          "\", \"",
          "\"}",
          "\"}]}",
          "}}",
          "]",
          "é",
          "\\n",
          "\\\"",
          "true",
          "null",
          "12",
          "123456",
          "1.5",
          ", ",
          ": ",
          "\n  ",
          "{\"",
          "[{\"",
          "name",
          "\": \"",
          "aaaaaaaaaaaa",
          "                    ",
          "\"\"",
          "the",
          "a\",\"b",
          "日本語",
          "0\",");

  static List<Grammar> grammars() {
    return List.of(
        JsonMode.object(),
        JsonMode.value(),
        JsonSchema.of(
            "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\",\"maxLength\":12},\"n\":{\"type\":\"integer\",\"minimum\":3,\"maximum\":1200},\"more\":{\"type\":\"array\",\"items\":{\"$ref\":\"#\"}}}}"),
        JsonSchema.of(
            "{\"type\":\"object\",\"patternProperties\":{\"^a\":{\"type\":\"string\",\"minLength\":2,\"maxLength\":30}},\"additionalProperties\":{\"type\":[\"null\",\"number\"]}}"),
        Regex.of("(the|a+|\\s*\"[^\"]*\")*"),
        Gbnf.of("root ::= \"{\" (\"\\\"\" [a-z]* \"\\\"\" (\",\" \" \"?)?)* \"}\"*"),
        Choices.of(List.of("the", "theatre", "name", "nam")));
  }

  @ParameterizedTest
  @MethodSource("grammars")
  void aTokenIsAllowedIfItsBytesAre(Grammar grammar) {
    Random random = new Random(3);
    for (int walk = 0; walk < 40; walk++) {
      Node state = grammar.start;
      LogitMask mask = grammar.mask(WORDS);
      for (int step = 0; step < 60; step++) {
        BitSet allowed = BitSet.valueOf(mask.allowed());
        BitSet expected = new BitSet();
        for (int token = 3; token < WORDS.vocabSize(); token++) {
          expected.set(
              token, grammar.algebra.step(state, WORDS.decodeBytes(token)) != grammar.algebra.none);
        }
        expected.set(ByteVocabulary.END, state.nullable || expected.isEmpty());
        assertThat(allowed).isEqualTo(expected);
        expected.clear(ByteVocabulary.END);
        if (expected.isEmpty()) {
          break;
        }
        int[] choice = expected.stream().toArray();
        int token = choice[random.nextInt(choice.length)];
        mask.accept(token);
        state = grammar.algebra.step(state, WORDS.decodeBytes(token));
      }
    }
  }

  @Test
  void aCopyGoesItsOwnWay() {
    LogitMask mask = JsonMode.object().mask(WORDS);
    mask.accept(WORDS.encode("{")[0]);
    BitSet before = BitSet.valueOf(mask.allowed());
    LogitMask copy = mask.fork();
    copy.accept(WORDS.encode("}")[0]);
    assertThat(BitSet.valueOf(copy.allowed()).get(ByteVocabulary.END)).isTrue();
    assertThat(BitSet.valueOf(mask.allowed())).isEqualTo(before);
  }

  @Test
  void aCharacterMayComeInPieces() {
    Grammar grammar = Regex.of("[à-ü]");
    LogitMask mask = grammar.mask(new ByteVocabulary());
    mask.accept(3 + 0xC3);
    assertThat(BitSet.valueOf(mask.allowed()).get(3 + 0xA9)).isTrue();
    assertThat(BitSet.valueOf(mask.allowed()).get(3 + 'a')).isFalse();
    mask.accept(3 + 0xA9);
    assertThat(BitSet.valueOf(mask.allowed()).get(ByteVocabulary.END)).isTrue();
  }

  @Test
  void oneGrammarServesManyThreadsAndVocabularies() throws Exception {
    Grammar grammar =
        JsonSchema.of(
            "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\",\"format\":\"uri\",\"maxLength\":40},\"b\":{\"type\":\"array\",\"items\":{\"type\":\"number\",\"minimum\":-3.5}}},\"required\":[\"a\",\"b\"]}");
    List<ByteVocabulary> vocabularies = List.of(WORDS, new ByteVocabulary("http://", "://"));
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> answers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        int number = i;
        answers.add(
            threads.submit(() -> {
              Random random = new Random(number);
              ByteVocabulary own = vocabularies.get(number % 2);
              for (int walk = 0; walk < 20; walk++) {
                String text = Walk.text(grammar.mask(own), own, random, 100);
                assertThat(grammar.matches(text)).as(text).isTrue();
                if (walk % 7 == 6) {
                  grammar.algebra.forget();
                }
              }
            }));
      }
      for (Future<?> answer : answers) {
        answer.get();
      }
    }
  }

  @Test
  void whatWasForgottenIsFoundAgain() {
    Grammar grammar = Gbnf.of("root ::= \"[\" root? \"]\"");
    Node deep =
        grammar.algebra.step(
            grammar.start, "[".repeat(100).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    grammar.algebra.forget();
    assertThat(grammar.algebra.matches(deep, "]".repeat(100))).isTrue();
    assertThat(grammar.algebra.matches(deep, "]".repeat(99))).isFalse();
    assertThat(grammar.matches("[[[]]]")).isTrue();
  }

  @Test
  void theFormBeginsWhenThinkingEnds() {
    Grammar form = Choices.of(List.of("yes", "no"));
    LogitMask mask = AfterThinking.mask(form, WORDS, "<think>", "</think>", true);
    assertThat(allows(mask, "n", "x", "{")).isTrue();
    assertThat(BitSet.valueOf(mask.allowed()).get(ByteVocabulary.END)).isFalse();
    accept(mask, "no idea </thin");
    mask.accept(ByteVocabulary.THINK_END);
    assertThat(allows(mask, "y")).isTrue();
    assertThat(allows(mask, "x")).isFalse();
    accept(mask, "\n\nyes");
    assertThat(BitSet.valueOf(mask.allowed()).stream().boxed()).containsExactly(ByteVocabulary.END);
  }

  @Test
  void thinkingMayEndInPiecesOrNotBeginAtAll() {
    Grammar form = Choices.of(List.of("yes", "no"));
    LogitMask pieces = AfterThinking.mask(form, WORDS, "<think>", "</think>", false);
    accept(pieces, "<think>hm</think>no");
    assertThat(BitSet.valueOf(pieces.allowed()).get(ByteVocabulary.END)).isTrue();
    LogitMask atOnce = AfterThinking.mask(form, WORDS, "<think>", "</think>", false);
    assertThat(BitSet.valueOf(atOnce.allowed()).get(ByteVocabulary.THINK)).isTrue();
    assertThat(allows(atOnce, "y")).isTrue();
    assertThat(allows(atOnce, "x")).isFalse();
    accept(atOnce, "yes");
    assertThat(BitSet.valueOf(atOnce.allowed()).get(ByteVocabulary.THINK)).isFalse();
  }

  @Test
  void aFormMayCallARuleAnswer() {
    Grammar form = Gbnf.of("root ::= answer\nanswer ::= \"(\" answer? \")\"");
    LogitMask mask = AfterThinking.mask(form, WORDS, "<think>", "</think>", true);
    accept(mask, "hm</think>\n(())");
    assertThat(BitSet.valueOf(mask.allowed()).stream().boxed()).containsExactly(ByteVocabulary.END);
  }

  private static void accept(LogitMask mask, String text) {
    for (int token : WORDS.encode(text)) {
      assertThat(BitSet.valueOf(mask.allowed()).get(token)).isTrue();
      mask.accept(token);
    }
  }

  private static boolean allows(LogitMask mask, String... letters) {
    BitSet allowed = BitSet.valueOf(mask.allowed());
    return List.of(letters).stream().allMatch(l -> allowed.get(WORDS.encode(l)[0]));
  }
}
