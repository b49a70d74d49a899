package dev.hadal.tokenizer;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The pre-tokenizers that GGUF files name in {@code tokenizer.ggml.pre}, each with the patterns of
 * its model's own {@code tokenizer.json}. Source of the names: llama.cpp, llama-vocab.cpp.
 */
final class Patterns {
  /**
   * A named pre-tokenizer.
   *
   * @param splits patterns, each cutting the pieces of the one before
   * @param ignoreMerges a piece that is a token as it stands is not built by merging
   * @param addBos BOS is put first unless the file says otherwise
   * @param byteLevel tokens spell bytes as GPT-2 does; otherwise characters, with ▁ for a space
   */
  record Named(List<String> splits, boolean ignoreMerges, boolean addBos, boolean byteLevel) {
    private Named(String... splits) {
      this(List.of(splits), false, false, true);
    }

    private Named ignoringMerges() {
      return new Named(splits, true, addBos, byteLevel);
    }

    private Named withBos() {
      return new Named(splits, ignoreMerges, true, byteLevel);
    }

    private Named characters() {
      return new Named(splits, ignoreMerges, addBos, false);
    }

    PreTokenizer preTokenizer() {
      return PreTokenizer.sequence(splits.stream().map(Patterns::compile).toList());
    }
  }

  static final String GPT2 =
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

  private static final String ENGLISH = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
  private static final String SPACES = "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  private static final String LLAMA3 =
      ENGLISH
          + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
          + SPACES;
  private static final String QWEN2 =
      ENGLISH + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*" + SPACES;
  private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
  private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";

  private static final String O200K =
      camelCase(UPPER, LOWER, ENGLISH + "?")
          + "|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*"
          + SPACES;
  private static final String PUNCTUATED_WORDS =
      "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+";
  private static final String DEEPSEEK3 = PUNCTUATED_WORDS + "| ?[\\p{P}\\p{S}]+[\\r\\n]*" + SPACES;
  private static final String CJK = "[一-龥\u3040-ゟ゠-ヿ]+";
  private static final String CJK_HANGUL = "[一-龥ࠀ-一가-\uD7FF]+";
  private static final String DIGIT = "\\p{N}";

  /** Letters as DeepSeek LLM lists them. */
  private static final String CASED_LETTERS =
      "A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯ\u0370-\u0373\u0376\u0377\u037B-\u037D\u037F\u0386\u0388-\u038A\u038C\u038E-\u03A1\u03A3-\u03F5"
          + "\u03F7-\u0481\u048A-\u052F\u0531-\u0556\u10A0-\u10C5\u13A0-\u13F5\u13F8-\u13FD\u1C90-\u1CBA\u1CBD-\u1CBF\u1D00-\u1D2B"
          + "\u1D6B-\u1D77\u1D79-\u1D9A\u1E00-\u1F15\u1F18-\u1F1D\u1F20-\u1F45\u1F48-\u1F4D\u1F50-\u1F57\u1F59\u1F5B\u1F5D\u1F5F-\u1F7D"
          + "\u1F80-\u1FB4\u1FB6-\u1FBC\u1FBE\u1FC2-\u1FC4\u1FC6-\u1FCC\u1FD0-\u1FD3\u1FD6-\u1FDB\u1FE0-\u1FEC\u1FF2-\u1FF4\u1FF6-\u1FFC"
          + "\u2102\u2107\u210A-\u2113\u2115\u2119-\u211D\u2124\u2126\u2128\u212A-\u212D\u212F-\u2134\u2139\u213C-\u213F\u2145-\u2149"
          + "\u214E\u2183\u2184\u2C00-\u2C7B\u2C7E-\u2CE4\u2CEB-\u2CEE\u2CF2\u2CF3\uA640-\uA66D\uA680-\uA69B\uA722-\uA76F\uA771-\uA787"
          + "\uA78B-\uA78E\uAB70-\uABBF\uFB00-\uFB06\uFB13-\uFB17\uFF21-\uFF3A\uFF41-\uFF5A"
          + "\\x{10400}-\\x{1044F}\\x{104B0}-\\x{104D3}\\x{104D8}-\\x{104FB}\\x{10C80}-\\x{10CB2}\\x{10CC0}-\\x{10CF2}\\x{118A0}-\\x{118DF}"
          + "\\x{1E900}-\\x{1E943}";

  private static final Map<String, Named> BY_NAME = new TreeMap<>();

  static {
    Named gpt2 = new Named(GPT2);
    names(
        gpt2,
        "gpt-2 phi-2 jina-es jina-de jina-v2-es jina-v2-de gigachat a.x-4.0 mellum modern-bert"
            + " exaone4 mpt olmo jais trillion");
    names(gpt2, "granite-docling r50k_base p50k_base");
    names(gpt2, "jina-v1-en jina-v2-code roberta-bpe");
    names(
        new Named(DIGIT, GPT2),
        "starcoder refact command-r smollm codeshell exaone minerva-7b mellum2");
    names(new Named("[\\p{P}\\$\\+<=>\\^~\\|`]+", GPT2, "[0-9][0-9][0-9]"), "falcon");
    names(new Named("[\\p{P}\\$\\+<=>\\^~\\|]+", GPT2, "\\p{N}+", "[0-9][0-9][0-9]"), "default");

    Named llama3 = new Named(LLAMA3);
    names(
        llama3.ignoringMerges().withBos(),
        "llama3 llama-v3 llama-bpe falcon3 falcon-h1 pixtral midm-2.0 lfm2 jina-v5-nano");
    names(llama3, "dbrx smaug-bpe glm4 chatglm-bpe cl100k_base");
    names(new Named(DIGIT + "{1,3}", LLAMA3.replace("{1,3}", "+")).ignoringMerges(), "minicpm5");
    names(new Named(LLAMA3.replace("\\s+(?!\\S)|\\s+", cascadingSpaces())), "jais-2");

    names(
        new Named(QWEN2),
        "qwen2 deepseek-r1-qwen kormo f2llmv2 megrez stablelm2 hunyuan solar-open grok-2");
    names(
        new Named(
            ENGLISH
                + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}|"
                + " ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*"
                + SPACES),
        "qwen35");
    names(new Named("[^\\n]+|[\\n]+", QWEN2), "laguna");
    names(new Named(QWEN2.substring(ENGLISH.length() + 1)), "ufakzeka");
    names(
        new Named(
            "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}|"
                + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+"),
        "bailingmoe bailingmoe2 llada-moe");
    names(
        new Named(
            ENGLISH
                + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1}| ?[^\\s\\p{L}\\p{N}\\r\\n]+"
                + SPACES),
        "seed-coder");
    names(
        new Named(
            ENGLISH
                + "|[^\\r\\n\\p{L}\\p{N}]?(?:\\p{L}\\p{M}*(?: \\p{L}\\p{M}*)*)+|\\p{N}|"
                + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]?|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+"),
        "exaone-moe");

    Named o200k = new Named(O200K);
    names(o200k, "gpt-4o o200k_base llama4 kanana2 talkie minimax-m2");
    names(o200k.ignoringMerges(), "granite-embed-multi-97m");
    names(new Named("DIGIT_TRIPLES", O200K), "tiny_aya cohere2moe");
    names(
        new Named(camelCase(UPPER, LOWER, "") + "|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*" + SPACES)
            .ignoringMerges()
            .withBos(),
        "tekken");
    names(
        new Named(
                "[가-힣ㄱ-ㆎ]+|[！…“”‘’—：；，、-〿︰-﹏]+|[ㄅ-ㄯ]+|" + CJK,
                camelCase(UPPER, LOWER, ENGLISH + "?")
                    + "|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*"
                    + SPACES)
            .ignoringMerges(),
        "youtu");
    String notHan = "&&[^\\p{Han}]]";
    names(
        new Named(
            "[\\p{Han}]+|"
                + camelCase(UPPER.replace("]", notHan), LOWER.replace("]", notHan), ENGLISH + "?")
                + "|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
                + SPACES),
        "kimi-k2");

    names(
        new Named(
            "[\\r\\n]",
            "\\s?[" + CASED_LETTERS + "]+",
            "\\s?[!-/:-~\uFF01-\uFF0F\uFF1A-\uFF5E\u2018-\u201F\u3000-\u3002]+",
            "\\s+$",
            CJK_HANGUL,
            "\\p{N}+"),
        "deepseek-llm");
    names(new Named("[\\r\\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", CJK_HANGUL, DIGIT), "deepseek-coder");
    names(new Named(DIGIT + "{1,3}", CJK, DEEPSEEK3), "deepseek-v3 hunyuan-dense joyai-llm hy_v4");
    names(
        new Named(
            DIGIT + "{1,3}",
            CJK,
            PUNCTUATED_WORDS + "| ?[\\p{P}\\p{S}]+|[\\r\\n]|\\s+(?!\\S)|\\s+",
            DIGIT),
        "spark2_5");
    names(
        new Named(
            "NUMBER_TRIPLES",
            "[一-\u9FFF\u3400-\u4DBF\uF900-\uFAFF\u3040-\u309F\u30A0-\u30FF\uFF65-\uFF9F\u2F00-\u2FDF\u0E40-\u0E7F\u0E80-\u0EFF"
                + "\u1780-\u17FF\u1000-\u109F\uAA60-\uAA7F\uA9E0-\uA9FF\uAC00-\uD7AF\u1100-\u11FF]+",
            DEEPSEEK3),
        "afmoe");

    Named bloom = new Named(" ?[^(\\s|.,!?…。，、।۔،)]+");
    names(bloom, "poro-chat bloom gpt3-finnish");
    names(new Named(bloom.splits().getFirst(), DIGIT), "viking");
    names(new Named("NUMBER_TRIPLES"), "superbpe");
    names(
        new Named(
                "<sentinel:[0-9]+>",
                "(IMGIMG)((A|B|C|D|E|F|G|H|I){1,4})Z",
                "([\\t\\n]|    |  )",
                DIGIT,
                "[\\p{P}!-/:-@\\[-`{-~]",
                GPT2)
            .withBos(),
        "chameleon");
    names(new Named("[^\\n]+|[\\n]+").characters(), "gemma4 granite-embed-multi-311m sarvam-moe");
  }

  private Patterns() {}

  /** The pre-tokenizer of a name, or null. */
  static @Nullable Named named(String name) {
    return BY_NAME.get(name);
  }

  /** Every known name, for messages. */
  static String known() {
    return String.join(", ", BY_NAME.keySet());
  }

  /**
   * A splitting pattern from this table or from a {@code tokenizer.json}; the few that look ahead
   * without bound are done by hand.
   */
  static PreTokenizer compile(String pattern) {
    return switch (pattern) {
      case "DIGIT_TRIPLES", "\\d{1,3}(?=(?:\\d{3})*\\b)" -> PreTokenizers.digitTriples(true);
      case "NUMBER_TRIPLES", "(?=(\\d{3})+(?!\\d))" -> PreTokenizers.digitTriples(false);
      default -> PreTokenizer.isolating(pattern);
    };
  }

  /**
   * A word of capitals that may end in small letters, one character of anything else in front:
   * GPT-4o's idea.
   */
  private static String camelCase(String upper, String lower, String suffix) {
    String lead = "[^\\r\\n\\p{L}\\p{N}]?";
    return lead + upper + "*" + lower + "+" + suffix + "|" + lead + upper + "+" + lower + "*"
        + suffix;
  }

  private static String cascadingSpaces() {
    StringBuilder spaces = new StringBuilder();
    for (int n = 512; n >= 4; n /= 2) {
      spaces.append("\\s{").append(n).append("}(?!\\S)|");
    }
    return spaces.append("\\s{1,2}(?!\\S)|\\s{1}").toString();
  }

  private static void names(Named named, String names) {
    Arrays.stream(names.split(" ")).forEach(name -> BY_NAME.put(name, named));
  }
}
