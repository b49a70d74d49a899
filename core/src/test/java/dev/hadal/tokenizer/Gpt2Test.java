package dev.hadal.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadal.testing.TestData;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real byte-level vocabulary, carried by every clone. */
final class Gpt2Test {
  private static final Tokenizer GPT2 =
      GgufMetadata.tokenizer(TestData.path("tokenizer/gpt-2.gguf.gz"));

  @Test
  void givesTheReferenceIds() {
    Expected.check(GPT2, TestData.path("tokenizer/gpt-2.expected.json"));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void everyTextRoundTrips(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      String text = Texts.random(random);
      assertThat(GPT2.decode(GPT2.encode(text))).isEqualTo(text);
    }
  }

  @Test
  void aLoneSurrogateBecomesTheReplacementCharacter() {
    assertThat(GPT2.decode(GPT2.encode("a\uD800b\uDC00"))).isEqualTo("a\uFFFDb\uFFFD");
  }

  @Test
  void streamingGivesTheWholeText() {
    Random random = new Random(5);
    for (int i = 0; i < 200; i++) {
      String text = Texts.random(random);
      StreamDecoder decoder = new StreamDecoder(GPT2);
      StringBuilder streamed = new StringBuilder();
      for (int id : GPT2.encode(text)) {
        String piece = decoder.add(id);
        assertThat(piece).doesNotContain("\uFFFD");
        streamed.append(piece);
      }
      assertThat(streamed.append(decoder.flush())).hasToString(text);
    }
  }

  @Test
  void aCharacterCutShortIsReplacedAtTheEnd() {
    StreamDecoder decoder = new StreamDecoder(GPT2);
    int first = GPT2.encode("🦙")[0];
    assertThat(decoder.add(first)).isEmpty();
    assertThat(decoder.flush()).isEqualTo("\uFFFD");
    assertThat(decoder.add(GPT2.encode("a")[0])).isEqualTo("a");
  }

  @Test
  void controlTokensAreRecognisedOnlyWhenAsked() {
    String text = "a<|endoftext|>b";
    int end = GPT2.eos().orElseThrow();
    assertThat(GPT2.encode(text, false, true)).hasSize(3).contains(end);
    assertThat(GPT2.encode(text)).hasSizeGreaterThan(3).doesNotContain(end);
    assertThat(GPT2.decode(GPT2.encode(text))).isEqualTo(text);
    assertThat(GPT2.decode(GPT2.encode(text, false, true))).isEqualTo("ab");
    assertThat(GPT2.decode(GPT2.encode(text, false, true), true)).isEqualTo(text);
    assertThat(GPT2.endOfGeneration()).containsExactly(end);
    assertThat(GPT2.isControl(end)).isTrue();
  }

  @Test
  void tokensTellTheirSpellingAndBytes() {
    int the = GPT2.id("Ġthe").orElseThrow();
    assertThat(GPT2.token(the)).isEqualTo("Ġthe");
    assertThat(GPT2.decodeBytes(the)).isEqualTo(" the".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> GPT2.token(GPT2.vocabSize()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("50256");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a", " ", "\n", "a b ", "ab", "中", "é", "\u3000", "🙂", "1", "'s", "aA1 ", "=-"})
  void aMegabyteWithoutEndIsLinear(String part) {
    String text = part.repeat(1_000_000 / part.length()) + "x";
    int[] ids =
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60), () -> GPT2.encode(text));
    assertThat(GPT2.decode(ids)).isEqualTo(text);
  }
}
