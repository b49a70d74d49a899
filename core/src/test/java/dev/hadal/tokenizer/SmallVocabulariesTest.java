package dev.hadal.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** SentencePiece, unigram and WordPiece on vocabularies small enough to follow by hand. */
final class SmallVocabulariesTest {
  @Test
  void sentencePieceMergesTheBestScoreFirst() {
    Tokenizer tokenizer = sentencePiece();
    assertThat(spelled(tokenizer, "hello")).containsExactly("▁", "hel", "l", "o");
    assertThat(spelled(tokenizer, "he he")).containsExactly("▁he", "▁he");
  }

  @Test
  void sentencePieceSpellsUnknownCharactersAsBytes() {
    Tokenizer tokenizer = sentencePiece();
    assertThat(spelled(tokenizer, "é")).containsExactly("▁", "<0xC3>", "<0xA9>");
    assertThat(tokenizer.decode(tokenizer.encode("é he"))).isEqualTo("é he");
  }

  @Test
  void sentencePieceTakesItsLeadingSpaceBackOnce() {
    Tokenizer tokenizer = sentencePiece();
    assertThat(tokenizer.decode(tokenizer.encode(" he"))).isEqualTo(" he");
    int he = tokenizer.id("▁he").orElseThrow();
    assertThat(new StreamDecoder(tokenizer).add(he)).isEqualTo("he");
    assertThat(new StreamDecoder(tokenizer, false, false).add(he)).isEqualTo(" he");
    assertThat(tokenizer.decodeBytes(he)).isEqualTo(" he".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void sentencePieceFramesAndParsesControlTokens() {
    Tokenizer tokenizer = sentencePiece();
    assertThat(tokenizer.encode("he", true, false))
        .startsWith(tokenizer.bos().orElseThrow())
        .hasSize(2);
    assertThat(spelled(tokenizer, tokenizer.encode("he</s>he", false, true)))
        .containsExactly("▁he", "</s>", "▁he");
    assertThat(tokenizer.addsBos()).isTrue();
    assertThat(tokenizer.addsEos()).isFalse();
    assertThat(tokenizer.endOfGeneration()).containsExactly(2);
  }

  @Test
  void unigramTakesTheBestSum() {
    List<String> tokens = List.of("<pad>", "</s>", "<unk>", "▁", "a", "b", "ab", "▁ab", "c", "bc");
    float[] scores = {0, 0, 0, -2, -3, -3, -4, -5, -3, -1};
    Tokenizer tokenizer =
        Tokenizers.fromGguf(
            Map.of(
                "tokenizer.ggml.model",
                "t5",
                "tokenizer.ggml.tokens",
                tokens.toArray(String[]::new),
                "tokenizer.ggml.scores",
                scores,
                "tokenizer.ggml.token_type",
                new long[] {3, 3, 2, 1, 1, 1, 1, 1, 1, 1},
                "tokenizer.ggml.add_space_prefix",
                true,
                "tokenizer.ggml.remove_extra_whitespaces",
                true),
            "t5.gguf");
    assertThat(spelled(tokenizer, "ab")).containsExactly("▁ab");
    assertThat(spelled(tokenizer, "abc")).containsExactly("▁", "a", "bc");
    assertThat(spelled(tokenizer, "  ab   ab ")).containsExactly("▁ab", "▁ab");
    assertThat(spelled(tokenizer, "a??b")).containsExactly("▁", "a", "<unk>", "b");
    assertThat(tokenizer.encode("", true, false)).containsExactly(1);
  }

  @Test
  void wordPieceTakesTheLongestBeginning() {
    String[] tokens = {
      "[PAD]", "[UNK]", "[CLS]", "[SEP]", "▁un", "aff", "able", "▁,", "▁中", "▁uber"
    };
    Tokenizer tokenizer =
        Tokenizers.fromGguf(
            Map.of(
                "tokenizer.ggml.model",
                "bert",
                "tokenizer.ggml.tokens",
                tokens,
                "tokenizer.ggml.token_type",
                new long[] {3, 2, 3, 3, 1, 1, 1, 1, 1, 1},
                "tokenizer.ggml.unknown_token_id",
                1L,
                "tokenizer.ggml.bos_token_id",
                2L,
                "tokenizer.ggml.seperator_token_id",
                3L),
            "bert.gguf");
    assertThat(spelled(tokenizer, "Unaffable, unknown"))
        .containsExactly("▁un", "aff", "able", "▁,", "[UNK]");
    assertThat(spelled(tokenizer, "über中中")).containsExactly("▁uber", "▁中", "▁中");
    assertThat(spelled(tokenizer, tokenizer.encode("un", true, false)))
        .containsExactly("[CLS]", "▁un", "[SEP]");
    assertThat(tokenizer.decode(tokenizer.encode("unable un"))).isEqualTo("unable un");
  }

  private static Tokenizer sentencePiece() {
    List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    for (int b = 0; b < 256; b++) {
      tokens.add(String.format(java.util.Locale.ROOT, "<0x%02X>", b));
    }
    int words = tokens.size();
    tokens.addAll(List.of("he", "▁he", "ll", "hel", "▁", "h", "e", "l", "o"));
    long[] types = new long[tokens.size()];
    float[] scores = new float[tokens.size()];
    for (int id = 0; id < types.length; id++) {
      types[id] = id == 0 ? 2 : id < 3 ? 3 : id < words ? 6 : 1;
      scores[id] = id < words ? 0 : words - id - 1;
    }
    // "hel" is worth more than "▁he", which it beats to the "he".
    scores[words + 3] = -1.5f;
    Map<String, Object> metadata = new HashMap<>();
    metadata.put("tokenizer.ggml.model", "llama");
    metadata.put("tokenizer.ggml.tokens", tokens.toArray(String[]::new));
    metadata.put("tokenizer.ggml.token_type", types);
    metadata.put("tokenizer.ggml.scores", scores);
    return Tokenizers.fromGguf(metadata, "llama.gguf");
  }

  private static List<String> spelled(Tokenizer tokenizer, String text) {
    return spelled(tokenizer, tokenizer.encode(text));
  }

  private static List<String> spelled(Tokenizer tokenizer, int[] ids) {
    List<String> tokens = new ArrayList<>();
    for (int id : ids) {
      tokens.add(tokenizer.token(id));
    }
    return tokens;
  }
}
