package dev.hadal.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The merge loops against the definition: find the best pair, merge its leftmost place, again. */
final class BpeTest {
  private static final String ALPHABET = "ab 中文丮é";

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void shortAndLongPiecesMergeAsDefined(long seed) {
    Random random = new Random(seed);
    List<String> tokens = new ArrayList<>();
    for (int b = 0; b < 256; b++) {
      tokens.add(String.valueOf(ByteLevel.charOf(b)));
    }
    Map<String, Integer> merges = new LinkedHashMap<>();
    // Pairs come from real text, so that many cross the characters' borders.
    String spelled = ByteLevel.spell(text(random, 400).getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < 400; i++) {
      int at = random.nextInt(spelled.length() - 8);
      String left = spelled.substring(at, at + 1 + random.nextInt(4));
      String right =
          spelled.substring(at + left.length(), at + left.length() + 1 + random.nextInt(4));
      if (tokens.contains(left)
          && tokens.contains(right)
          && merges.putIfAbsent(left + " " + right, merges.size()) == null) {
        if (!tokens.contains(left + right)) {
          tokens.add(left + right);
        }
      }
    }
    Tokenizer tokenizer =
        Tokenizers.fromGguf(
            Map.of(
                "tokenizer.ggml.model",
                "gpt2",
                "tokenizer.ggml.pre",
                "superbpe",
                "tokenizer.ggml.tokens",
                tokens.toArray(String[]::new),
                "tokenizer.ggml.merges",
                merges.keySet().toArray(String[]::new)),
            "random");
    for (int i = 0; i < 200; i++) {
      String text = text(random, 1 + random.nextInt(i % 4 == 0 ? 120 : 12));
      assertThat(tokenizer.encode(text)).as(text).containsExactly(defined(text, tokens, merges));
    }
  }

  private static String text(Random random, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  private static int[] defined(String text, List<String> tokens, Map<String, Integer> merges) {
    List<String> symbols =
        new ArrayList<>(
            Arrays.asList(ByteLevel.spell(text.getBytes(StandardCharsets.UTF_8)).split("")));
    while (true) {
      int best = -1;
      int rank = Integer.MAX_VALUE;
      for (int i = 0; i + 1 < symbols.size(); i++) {
        Integer found = merges.get(symbols.get(i) + " " + symbols.get(i + 1));
        if (found != null && found < rank) {
          best = i;
          rank = found;
        }
      }
      if (best < 0) {
        return symbols.stream().mapToInt(tokens::indexOf).toArray();
      }
      symbols.set(best, symbols.get(best) + symbols.remove(best + 1));
    }
  }
}
