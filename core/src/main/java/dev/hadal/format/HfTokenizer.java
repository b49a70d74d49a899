package dev.hadal.format;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Hugging Face folder's tokenizer as GGUF's {@code tokenizer.*} metadata: vocabulary, merges,
 * special tokens, chat template. Sources: {@code conversion/base.py} of llama.cpp; tokenizer.json
 * of Hugging Face's tokenizers.
 */
final class HfTokenizer {
  private static final int NORMAL = 1;
  private static final int UNKNOWN = 2;
  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;
  private static final int UNUSED = 5;
  private static final int BYTE = 6;

  /** SentencePiece's score for what no merge makes: lower than any that one does. */
  private static final float UNMERGED = -1e6f;

  private final GgufMetadata out;
  private final Checkpoint in;
  private final String file;
  private final List<String> tokens = new ArrayList<>();
  private final Map<String, Integer> ids = new HashMap<>();
  private int[] types = {};

  private HfTokenizer(GgufMetadata out, Checkpoint in, String file) {
    this.out = out;
    this.in = in;
    this.file = file;
  }

  /** Puts the tokenizer of a folder; of a folder without one, that there is none. */
  static void put(GgufMetadata out, Checkpoint in, Path folder) {
    Path json = folder.resolve("tokenizer.json");
    HfTokenizer tokenizer = new HfTokenizer(out, in, "tokenizer.json");
    if (Files.exists(json)) {
      tokenizer.putVocabulary(Json.read(json));
      tokenizer.putSpecialTokens(Json.read(json));
    } else {
      out.put("tokenizer.ggml.model", "no_vocab");
    }
    tokenizer.putTemplate();
  }

  private void putVocabulary(Map<String, Object> json) {
    if (!(json.get("model") instanceof Map<?, ?> model)
        || !(model.get("vocab") instanceof Map<?, ?> vocab)) {
      throw new IllegalArgumentException(
          file + ": only BPE vocabularies are written to GGUF, this is another kind");
    }
    List<?> added = json.get("added_tokens") instanceof List<?> list ? list : List.of();
    readTokens(vocab, added, HfMetadata.text(model, "unk_token"));
    List<String> merges = merges(model.get("merges"));
    if (isSentencePiece(json, model)) {
      out.put("tokenizer.ggml.model", "llama");
      out.put("tokenizer.ggml.pre", "default");
      markBytes();
      out.put("tokenizer.ggml.tokens", tokens);
      out.put("tokenizer.ggml.scores", scores(merges));
      out.put("tokenizer.ggml.token_type", types);
      out.put("tokenizer.ggml.add_space_prefix", addsSpacePrefix(json));
    } else {
      out.put("tokenizer.ggml.model", "gpt2");
      out.put("tokenizer.ggml.pre", PreTokenizerNames.of(json, file));
      out.put("tokenizer.ggml.tokens", tokens);
      out.put("tokenizer.ggml.token_type", types);
      out.put("tokenizer.ggml.merges", merges);
    }
  }

  private void readTokens(Map<?, ?> vocab, List<?> added, @Nullable String unknown) {
    Map<Integer, String> byId = new HashMap<>();
    Map<Integer, Integer> typeById = new HashMap<>();
    vocab.forEach((token, id) -> byId.put(id(id), String.valueOf(token)));
    for (Object entry : added) {
      if (entry instanceof Map<?, ?> token) {
        int id = id(token.get("id"));
        byId.put(id, String.valueOf(token.get("content")));
        typeById.put(id, Boolean.TRUE.equals(token.get("special")) ? CONTROL : USER_DEFINED);
      }
    }
    // A matrix may have more rows than there are tokens; llama.cpp wants a token for each.
    int size = byId.keySet().stream().mapToInt(id -> id + 1).max().orElse(0);
    size = Math.max(size, in.config().vocabSize());
    types = new int[size];
    for (int id = 0; id < size; id++) {
      String token = byId.getOrDefault(id, "[PAD" + id + "]");
      tokens.add(token);
      ids.put(token, id);
      types[id] = byId.containsKey(id) ? typeById.getOrDefault(id, NORMAL) : UNUSED;
      if (token.equals(unknown)) {
        types[id] = UNKNOWN;
        out.put("tokenizer.ggml.unknown_token_id", (long) id);
      }
    }
  }

  private int id(@Nullable Object id) {
    if (!(id instanceof Integer number) || number < 0 || number > 1 << 24) {
      throw new FormatException(file, -1, "a token has the id " + id);
    }
    return number;
  }

  private List<String> merges(@Nullable Object json) {
    List<String> merges = new ArrayList<>();
    if (json instanceof List<?> list) {
      for (Object merge : list) {
        merges.add(
            merge instanceof List<?> pair && pair.size() == 2
                ? pair.get(0) + " " + pair.get(1)
                : String.valueOf(merge));
      }
    }
    return merges;
  }

  /** Llama's and Mistral's vocabularies spell spaces as a low line and fall back to bytes. */
  private static boolean isSentencePiece(Map<String, Object> json, Map<?, ?> model) {
    return Boolean.TRUE.equals(model.get("byte_fallback"))
        && !String.valueOf(json.get("pre_tokenizer")).contains("ByteLevel");
  }

  private static boolean addsSpacePrefix(Map<String, Object> json) {
    return String.valueOf(json.get("normalizer")).contains("type=Prepend")
        || String.valueOf(json.get("pre_tokenizer"))
            .matches("(?s).*prepend_scheme=(first|always).*");
  }

  private void markBytes() {
    for (int id = 0; id < types.length; id++) {
      if (types[id] == NORMAL && tokens.get(id).matches("<0x[0-9A-F]{2}>")) {
        types[id] = BYTE;
      }
    }
  }

  /** Merging by rank and merging by score are the same when the score is the rank, negated. */
  private float[] scores(List<String> merges) {
    float[] scores = new float[tokens.size()];
    for (int id = 0; id < scores.length; id++) {
      boolean alone =
          types[id] != NORMAL || tokens.get(id).codePointCount(0, tokens.get(id).length()) < 2;
      scores[id] = alone ? 0 : UNMERGED;
    }
    for (int rank = merges.size() - 1; rank >= 0; rank--) { // the earliest merge counts
      Integer id = ids.get(merges.get(rank).replace(" ", ""));
      if (id != null) {
        scores[id] = -rank;
      }
    }
    return scores;
  }

  private void putSpecialTokens(Map<String, Object> json) {
    Object tokenizerConfig = in.metadata().get("tokenizer_config");
    for (String kind : List.of("bos", "eos", "unk", "pad")) {
      Integer id = specialId(tokenizerConfig, kind);
      if (id != null && !kind.equals("unk")) {
        out.put(
            "tokenizer.ggml.%s_token_id".formatted(kind.equals("pad") ? "padding" : kind),
            (long) id);
      }
    }
    if (tokenizerConfig instanceof Map<?, ?> map) {
      putFlag(map, "add_bos_token");
      putFlag(map, "add_eos_token");
      if (!map.containsKey("add_bos_token") && postProcessorAddsBos(json, tokenizerConfig)) {
        out.put("tokenizer.ggml.add_bos_token", true);
      }
    }
  }

  private void putFlag(Map<?, ?> config, String key) {
    if (config.get(key) instanceof Boolean flag) {
      out.put("tokenizer.ggml." + key, flag);
    }
  }

  private @Nullable Integer specialId(@Nullable Object tokenizerConfig, String kind) {
    String token = specialToken(tokenizerConfig, kind);
    if (token != null && ids.containsKey(token)) {
      return ids.get(token);
    }
    String key = kind + "_token_id";
    Object stated = in.config().values().get(key);
    if (stated == null && in.metadata().get("generation_config") instanceof Map<?, ?> generation) {
      stated = generation.get(key);
    }
    if (stated instanceof List<?> list && !list.isEmpty()) {
      stated = list.get(0);
    }
    return stated instanceof Integer id && id >= 0 && id < tokens.size() ? id : null;
  }

  /** Either a text or an object with one. */
  private static @Nullable String specialToken(@Nullable Object tokenizerConfig, String kind) {
    String plain = HfMetadata.text(tokenizerConfig, kind + "_token");
    return plain != null || !(tokenizerConfig instanceof Map<?, ?> map)
        ? plain
        : HfMetadata.text(map.get(kind + "_token"), "content");
  }

  private static boolean postProcessorAddsBos(
      Map<String, Object> json, @Nullable Object tokenizerConfig) {
    String bos = specialToken(tokenizerConfig, "bos");
    return bos != null && String.valueOf(json.get("post_processor")).contains("id=" + bos);
  }

  private void putTemplate() {
    if (in.metadata().get("chat_template") instanceof String template) {
      out.put("tokenizer.chat_template", template);
      return;
    }
    Object template =
        in.metadata().get("tokenizer_config") instanceof Map<?, ?> map
            ? map.get("chat_template")
            : null;
    if (template instanceof String text) {
      out.put("tokenizer.chat_template", text);
    } else if (template instanceof List<?> named) {
      for (Object entry : named) {
        String name = HfMetadata.text(entry, "name");
        String text = HfMetadata.text(entry, "template");
        if (name != null && text != null) {
          String suffix = name.equals("default") ? "" : "." + name;
          out.put("tokenizer.chat_template" + suffix, text);
        }
      }
    }
  }
}
