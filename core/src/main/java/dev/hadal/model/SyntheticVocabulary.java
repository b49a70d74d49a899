package dev.hadal.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * A vocabulary of any size that can spell every text byte by byte, for models that never had one:
 * {@code <unk> <s> </s>}, the 256 bytes, then names that no text contains. In the form of GGUF
 * metadata, SentencePiece kind.
 */
final class SyntheticVocabulary {
  private static final long UNKNOWN = 2;
  private static final long CONTROL = 3;
  private static final long UNUSED = 5;
  private static final long BYTE = 6;
  private static final int BYTES_FROM = 3;
  private static final int SMALLEST = BYTES_FROM + 256;

  private SyntheticVocabulary() {}

  /** Metadata of a vocabulary of {@code size} tokens; {@code no_vocab} where bytes don't fit. */
  static Map<String, Object> ofSize(int size) {
    if (size < SMALLEST) {
      return Map.of("tokenizer.ggml.model", "no_vocab");
    }
    String[] tokens = new String[size];
    long[] types = new long[size];
    float[] scores = new float[size];
    Arrays.setAll(tokens, id -> "<unused" + (id - SMALLEST) + ">");
    Arrays.fill(types, UNUSED);
    for (int b = 0; b < 256; b++) {
      tokens[BYTES_FROM + b] = String.format(Locale.ROOT, "<0x%02X>", b);
      types[BYTES_FROM + b] = BYTE;
    }
    tokens[0] = "<unk>";
    types[0] = UNKNOWN;
    tokens[1] = "<s>";
    types[1] = CONTROL;
    tokens[2] = "</s>";
    types[2] = CONTROL;
    return Map.of(
        "tokenizer.ggml.model",
        "llama",
        "tokenizer.ggml.tokens",
        tokens,
        "tokenizer.ggml.scores",
        scores,
        "tokenizer.ggml.token_type",
        types,
        "tokenizer.ggml.unknown_token_id",
        0L,
        "tokenizer.ggml.bos_token_id",
        1L,
        "tokenizer.ggml.eos_token_id",
        2L,
        "tokenizer.ggml.add_bos_token",
        true,
        "tokenizer.ggml.add_eos_token",
        false,
        "tokenizer.ggml.add_space_prefix",
        false);
  }
}
