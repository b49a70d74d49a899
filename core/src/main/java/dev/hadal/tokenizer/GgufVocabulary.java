package dev.hadal.tokenizer;

import dev.hadal.format.FormatException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Builds a tokenizer from the {@code tokenizer.ggml.*} keys of a GGUF file. Source: llama.cpp,
 * llama-vocab.cpp.
 */
final class GgufVocabulary {
  private static final String KEY = "tokenizer.ggml.";
  private static final int[] NO_BYTES = new int[256];

  static {
    Arrays.fill(NO_BYTES, -1);
  }

  private final Metadata metadata;
  private final String file;
  private final Vocabulary vocabulary;

  private GgufVocabulary(Metadata metadata, Vocabulary.Spelling spelling) {
    this.metadata = metadata;
    this.file = metadata.file();
    String[] tokens = metadata.strings(KEY + "tokens").clone();
    long[] types = metadata.integers(KEY + "token_type", tokens.length);
    Vocabulary.Kind[] kinds = new Vocabulary.Kind[tokens.length];
    for (int id = 0; id < tokens.length; id++) {
      kinds[id] = types == null ? Vocabulary.Kind.NORMAL : Vocabulary.Kind.of(types[id]);
    }
    double[] scores = metadata.numbers(KEY + "scores", tokens.length);
    this.vocabulary = new Vocabulary(file, tokens, kinds, scores, spelling);
  }

  static Tokenizer read(Map<String, Object> values, String file) {
    Metadata metadata = new Metadata(values, file);
    String model = metadata.string(KEY + "model", "");
    return switch (model) {
      case "gpt2" -> bytePairs(metadata, metadata.string(KEY + "pre", "default"));
      case "gemma4" -> bytePairs(metadata, "gemma4");
      case "llama" -> new GgufVocabulary(metadata, Vocabulary.Spelling.META).sentencePiece();
      case "t5" -> new GgufVocabulary(metadata, Vocabulary.Spelling.META).unigram();
      case "bert" -> new GgufVocabulary(metadata, Vocabulary.Spelling.META).wordPiece();
      default ->
          throw new FormatException(
              file,
              -1,
              "the tokenizer model '"
                  + model
                  + "' is unknown; known are gpt2, llama, t5, bert, gemma4 (metadata '"
                  + KEY
                  + "model')");
    };
  }

  private static Tokenizer bytePairs(Metadata metadata, String name) {
    Patterns.Named pre = Patterns.named(name);
    if (pre == null) {
      throw new FormatException(
          metadata.file(),
          -1,
          "the pre-tokenizer '" + name + "' is unknown; known are " + Patterns.known());
    }
    Vocabulary.Spelling spelling =
        pre.byteLevel() ? Vocabulary.Spelling.BYTE_LEVEL : Vocabulary.Spelling.META;
    return new GgufVocabulary(metadata, spelling).bytePairs(pre, name.equals("gemma4"));
  }

  private Tokenizer bytePairs(Patterns.Named pre, boolean alwaysBos) {
    Specials specials = specials(-1, -1, pre.addBos() || alwaysBos, false, -1);
    Merges merges =
        metadata.has(KEY + "merges")
            ? merges(metadata.strings(KEY + "merges"))
            : Merges.byId(vocabulary);
    int[] bytes = pre.byteLevel() ? spelledBytes() : byteTokens();
    int unknown = id("unknown_token_id", -1);
    Bpe model =
        new Bpe(
            vocabulary,
            new Bpe.Rules(
                merges,
                pre.byteLevel(),
                bytes,
                pre.byteLevel() ? -1 : unknown,
                false,
                pre.ignoreMerges()));
    Normalizer normalizer = pre.byteLevel() ? Normalizer.none() : Normalizer.replace(" ", "▁");
    return pipeline(specials, normalizer, pre.preTokenizer(), model, false);
  }

  private Merges merges(String[] lines) {
    Merges merges = new Merges(vocabulary, lines.length);
    for (int rank = 0; rank < lines.length; rank++) {
      int space = lines[rank].indexOf(' ', 1);
      if (space > 0 && space + 1 < lines[rank].length()) {
        merges.add(lines[rank], space, rank);
      }
    }
    return merges;
  }

  private Tokenizer sentencePiece() {
    Specials specials = specials(1, 2, true, false, -1);
    boolean prefix = metadata.flag(KEY + "add_space_prefix", true);
    int unknown = id("unknown_token_id", 0);
    Bpe model =
        new Bpe(
            vocabulary,
            new Bpe.Rules(Merges.byScore(vocabulary), false, byteTokens(), unknown, false, false));
    Normalizer normalizer = Normalizer.replace(" ", "▁");
    if (prefix) {
      normalizer = Normalizer.sequence(List.of(normalizer, Normalizer.prepend("▁")));
    }
    return pipeline(specials, normalizer, wordsApart(vocabulary), model, prefix);
  }

  /** Cutting before ▁ where that changes nothing: no token has one after another character. */
  static PreTokenizer wordsApart(Vocabulary vocabulary) {
    for (int id = 0; id < vocabulary.size(); id++) {
      String token = vocabulary.token(id);
      for (int at = token.indexOf('▁', 1); at > 0; at = token.indexOf('▁', at + 1)) {
        if (token.charAt(at - 1) != '▁' && vocabulary.kind(id) == Vocabulary.Kind.NORMAL) {
          return PreTokenizer.whole();
        }
      }
    }
    return PreTokenizers.beforeMetaRuns();
  }

  private Tokenizer unigram() {
    Specials specials = specials(-1, 1, false, true, -1);
    List<Normalizer> steps = new ArrayList<>();
    long[] map = metadata.integers(KEY + "precompiled_charsmap", -1);
    if (map != null && map.length > 0) {
      byte[] blob = new byte[map.length];
      for (int i = 0; i < blob.length; i++) {
        blob[i] = (byte) map[i];
      }
      steps.add(new CharsMap(file, blob));
    }
    boolean prefix = metadata.flag(KEY + "add_space_prefix", false);
    boolean collapse = metadata.flag(KEY + "remove_extra_whitespaces", false);
    steps.add(text -> unigramSpaces(text, prefix, collapse));
    Unigram model = new Unigram(vocabulary, byteTokens(), id("unknown_token_id", 2));
    return pipeline(
        specials, Normalizer.sequence(steps), PreTokenizer.whole(), model, prefix || collapse);
  }

  /**
   * ▁ for a space; before the first word when asked; with {@code collapse} one before every word
   * and no others.
   */
  private static String unigramSpaces(String text, boolean prefix, boolean collapse) {
    StringBuilder out = new StringBuilder(text.length() + 8);
    boolean inWord = false;
    boolean prefixed = false;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == ' ') {
        inWord = false;
        if (!collapse) {
          out.append('▁');
        }
        continue;
      }
      if (!inWord && (collapse || prefix && !prefixed)) {
        out.append('▁');
        prefixed = true;
      }
      inWord = true;
      out.append(text.charAt(i));
    }
    return out.toString();
  }

  private Tokenizer wordPiece() {
    Specials specials =
        specials(101, -1, true, false, id("seperator_token_id", id("separator_token_id", 102)));
    boolean lowercase = metadata.flag(KEY + "normalizer.lowercase", true);
    boolean accents = metadata.flag(KEY + "normalizer.strip_accents", lowercase);
    // Here every space parts words, also those that are control characters.
    Normalizer normalizer =
        Normalizer.sequence(
            List.of(
                Normalizer.replace(SplitPattern.of("\\s"), " "),
                Normalizer.bert(true, true, accents, lowercase)));
    WordPiece model =
        new WordPiece(vocabulary, "▁", "", id("unknown_token_id", 100), Integer.MAX_VALUE);
    return pipeline(specials, normalizer, PreTokenizers.bert(), model, true);
  }

  private Specials specials(
      int bosDefault, int eosDefault, boolean addBosDefault, boolean addEosDefault, int separator) {
    int bos = id("bos_token_id", bosDefault);
    int eos = id("eos_token_id", eosDefault);
    int eot = id("eot_token_id", -1);
    eot = eot >= 0 ? eot : Specials.endOfTurn(vocabulary);
    int eom = id("eom_token_id", vocabulary.id("<|eom_id|>"));
    boolean addBos = separator >= 0 || metadata.flag(KEY + "add_bos_token", addBosDefault);
    boolean addEos = separator < 0 && metadata.flag(KEY + "add_eos_token", addEosDefault);
    if (addBos && bos < 0) {
      throw new FormatException(
          file,
          -1,
          "a beginning-of-text token is to be added, but metadata '"
              + KEY
              + "bos_token_id' names none");
    }
    if (addEos && eos < 0) {
      throw new FormatException(
          file,
          -1,
          "an end-of-text token is to be added, but metadata '" + KEY + "eos_token_id' names none");
    }
    Set<Integer> ends = Specials.endOfGeneration(vocabulary, eos, eot, eom);
    int[] after = separator >= 0 ? new int[] {separator} : addEos ? new int[] {eos} : new int[0];
    return new Specials(bos, eos, eot, addBos ? new int[] {bos} : new int[0], after, ends);
  }

  private Pipeline pipeline(
      Specials specials,
      Normalizer normalizer,
      PreTokenizer preTokenizer,
      Model model,
      boolean leadingSpace) {
    AddedTokens none = new AddedTokens(file, List.of());
    return new Pipeline(
        vocabulary,
        specials,
        new Pipeline.Stages(
            new AddedTokens(file, addedTokens()),
            normalizer,
            none,
            preTokenizer,
            model,
            leadingSpace));
  }

  /**
   * Tokens found in the text itself. Files do not say which take whitespace along, so a few models
   * are known by name.
   */
  private List<AddedTokens.Token> addedTokens() {
    String name = metadata.string("general.name", "").toLowerCase(Locale.ROOT);
    boolean phi3 = name.contains("phi-3") || name.contains("phi3");
    String pre = metadata.string(KEY + "pre", "");
    String architecture = metadata.string("general.architecture", "");
    boolean stripsBeforeMask =
        pre.contains("jina-v2-de")
            || pre.contains("jina-v2-es")
            || pre.contains("jina-v2-code")
            || architecture.contains("nomic-bert-moe")
            || architecture.contains("jina-bert-v3");
    List<AddedTokens.Token> added = new ArrayList<>();
    for (int id = 0; id < vocabulary.size(); id++) {
      Vocabulary.Kind kind = vocabulary.kind(id);
      boolean special = kind == Vocabulary.Kind.CONTROL || kind == Vocabulary.Kind.UNKNOWN;
      if (special || kind == Vocabulary.Kind.USER_DEFINED) {
        String text = vocabulary.token(id);
        boolean left =
            stripsBeforeMask && text.equals("<mask>")
                || name.contains("modern-bert")
                    && !stripsBeforeMask
                    && !phi3
                    && text.equals("[MASK]");
        boolean right =
            phi3 && !stripsBeforeMask && !Set.of("<unk>", "<s>", "<|endoftext|>").contains(text);
        added.add(new AddedTokens.Token(text, id, special, false, left, right));
      }
    }
    return added;
  }

  private int id(String key, int otherwise) {
    return metadata.id(KEY + key, otherwise, vocabulary.size());
  }

  private int[] spelledBytes() {
    int[] ids = new int[256];
    for (int b = 0; b < 256; b++) {
      ids[b] = vocabulary.id(String.valueOf(ByteLevel.charOf(b)));
    }
    return ids;
  }

  private int[] byteTokens() {
    int[] ids = NO_BYTES.clone();
    for (int b = 0; b < 256; b++) {
      ids[b] = vocabulary.byteToken(b);
    }
    return ids;
  }
}
