package dev.hadal.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The named pre-tokenizers; pieces are written with | between them. */
final class PatternsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "gpt-2; We're  12345 !; We|'re| | 12345| !",
        "smollm; a 123 b; a| |1|2|3| b",
        "llama-bpe; WE'LL 12345!; WE|'LL| |123|45|!",
        "qwen2; x12 y; x|1|2| y",
        "gpt-4o; HelloWorld don't ABCdef; Hello|World| don't| ABCdef",
        "tekken; HelloWorld 123; Hello|World| |1|2|3",
        "kimi-k2; abc中文def 你好World; abc|中文|def| |你好|World",
        "deepseek-v3; abc中文12345 (x_y; abc|中文|123|45| (|x|_y",
        "deepseek-coder; int x=42; int| x|=|4|2",
        "falcon; a=1234; a|=|123|4",
        "superbpe; n1234567; n|1|234|567",
        "tiny_aya; 1234567 1234x; 1|234|567| |123|4|x",
        "bloom; Hi, you; Hi|,| you",
        "viking; ab12; ab|1|2"
      })
  void cutAsTheirModelsWereTrained(String name, String text, String pieces) {
    assertThat(String.join("|", pieces(name, text))).isEqualTo(pieces);
  }

  @Test
  void everyOneKeepsEveryByte() {
    Random random = new Random(3);
    for (String name : Patterns.known().split(", ")) {
      for (int i = 0; i < 30; i++) {
        String text = Texts.random(random);
        assertThat(String.join("", pieces(name, text))).as(name).isEqualTo(text);
      }
    }
  }

  private static List<String> pieces(String name, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    List<String> pieces = new ArrayList<>();
    Objects.requireNonNull(Patterns.named(name))
        .preTokenizer()
        .split(
            bytes,
            0,
            bytes.length,
            true,
            (t, from, to, first) ->
                pieces.add(new String(t, from, to - from, StandardCharsets.UTF_8)));
    return pieces;
  }
}
