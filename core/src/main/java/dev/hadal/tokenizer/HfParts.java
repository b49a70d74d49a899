package dev.hadal.tokenizer;

import dev.hadal.format.FormatException;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The normalizers and pre-tokenizers of a {@code tokenizer.json}. Source: Hugging Face tokenizers,
 * by the names in {@code type}.
 */
final class HfParts {
  private static final int MAX_DEPTH = 20;

  private final String file;

  HfParts(String file) {
    this.file = file;
  }

  Normalizer normalizer(@Nullable JsonNode node) {
    return node == null ? Normalizer.none() : normalizer(node, 0);
  }

  private Normalizer normalizer(JsonNode node, int depth) {
    String type = type(node, depth);
    return switch (type) {
      case "Sequence" ->
          Normalizer.sequence(each(node, "normalizers", part -> normalizer(part, depth + 1)));
      case "NFC", "NFD", "NFKC", "NFKD" -> Normalizer.unicode(Form.valueOf(type));
      case "Lowercase" -> Normalizer.lowercase();
      case "StripAccents" -> Normalizer.stripAccents();
      case "Strip" ->
          Normalizer.strip(flag(node, "strip_left", true), flag(node, "strip_right", true));
      case "Prepend" -> Normalizer.prepend(text(node, "prepend"));
      case "Replace" -> replace(node);
      case "Nmt" -> Normalizer.nmt();
      case "Precompiled" -> precompiled(text(node, "precompiled_charsmap"));
      case "BertNormalizer" -> {
        boolean lowercase = flag(node, "lowercase", true);
        yield Normalizer.bert(
            flag(node, "clean_text", true),
            flag(node, "handle_chinese_chars", true),
            flag(node, "strip_accents", lowercase),
            lowercase);
      }
      // The bytes are spelled visibly by the vocabulary, not in the text.
      case "ByteLevel" -> Normalizer.none();
      default -> throw unknown("normalizer", type);
    };
  }

  private Normalizer replace(JsonNode node) {
    JsonNode pattern = node.path("pattern");
    String content = text(node, "content");
    if (pattern.has("String")) {
      String what = text(pattern, "String");
      return what.isEmpty() ? Normalizer.none() : Normalizer.replace(what, content);
    }
    return Normalizer.replace(compiled(pattern), content);
  }

  private Normalizer precompiled(String base64) {
    try {
      return new CharsMap(file, Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      throw new FormatException(
          file, -1, "the precompiled character map is not base64: " + e.getMessage(), e);
    }
  }

  PreTokenizer preTokenizer(@Nullable JsonNode node) {
    return node == null ? PreTokenizer.whole() : preTokenizer(node, 0);
  }

  private PreTokenizer preTokenizer(JsonNode node, int depth) {
    String type = type(node, depth);
    return switch (type) {
      case "Sequence" ->
          PreTokenizer.sequence(each(node, "pretokenizers", part -> preTokenizer(part, depth + 1)));
      case "ByteLevel" ->
          PreTokenizers.byteLevel(
              flag(node, "add_prefix_space", true), flag(node, "use_regex", true));
      case "Split" -> split(node);
      case "Digits" ->
          splitting(
              flag(node, "individual_digits", false) ? "\\p{N}" : "\\p{N}+",
              PreTokenizer.Behavior.ISOLATED,
              false);
      case "Punctuation" -> splitting("[!-/:-@\\[-`{-~\\p{P}]", behavior(node, "Isolated"), false);
      case "Whitespace" -> splitting("\\w+|[^\\w\\s]+", PreTokenizer.Behavior.REMOVED, true);
      case "WhitespaceSplit" -> splitting("\\s+", PreTokenizer.Behavior.REMOVED, false);
      case "CharDelimiterSplit" ->
          splitting(escaped(text(node, "delimiter")), PreTokenizer.Behavior.REMOVED, false);
      case "BertPreTokenizer" -> PreTokenizers.bert();
      case "Metaspace" -> metaspace(node);
      case "FixedLength" -> PreTokenizers.fixedLength(Math.max(1, node.path("length").asInt(5)));
      default -> throw unknown("pre-tokenizer", type);
    };
  }

  private PreTokenizer metaspace(JsonNode node) {
    String replacement = node.path("replacement").asString("▁");
    if (!replacement.equals("▁")) {
      throw new FormatException(
          file, -1, "Metaspace replaces spaces by '" + replacement + "', expected '▁'");
    }
    return PreTokenizers.metaspace(prepend(node), flag(node, "split", true));
  }

  /** Where a Metaspace pre-tokenizer or decoder has its mark. */
  PreTokenizers.Prepend prepend(JsonNode node) {
    String scheme =
        node.path("prepend_scheme")
            .asString(flag(node, "add_prefix_space", true) ? "always" : "never");
    return switch (scheme) {
      case "always" -> PreTokenizers.Prepend.ALWAYS;
      case "first" -> PreTokenizers.Prepend.FIRST;
      case "never" -> PreTokenizers.Prepend.NEVER;
      default ->
          throw new FormatException(
              file,
              -1,
              "Metaspace's prepend_scheme is '" + scheme + "', expected always, first or never");
    };
  }

  private PreTokenizer split(JsonNode node) {
    JsonNode pattern = node.path("pattern");
    PreTokenizer.Behavior behavior = behavior(node, "Isolated");
    boolean invert = flag(node, "invert", false);
    if (pattern.has("Regex") && behavior == PreTokenizer.Behavior.ISOLATED) {
      String source = text(pattern, "Regex");
      return understood(() -> Patterns.compile(source));
    }
    return PreTokenizer.splitting(compiled(pattern), behavior, invert);
  }

  private PreTokenizer splitting(String pattern, PreTokenizer.Behavior behavior, boolean invert) {
    return PreTokenizer.splitting(SplitPattern.of(pattern), behavior, invert);
  }

  private PreTokenizer.Behavior behavior(JsonNode node, String otherwise) {
    String name = node.path("behavior").asString(otherwise);
    return switch (name) {
      case "Removed" -> PreTokenizer.Behavior.REMOVED;
      case "Isolated" -> PreTokenizer.Behavior.ISOLATED;
      case "MergedWithPrevious" -> PreTokenizer.Behavior.MERGED_WITH_PREVIOUS;
      case "MergedWithNext" -> PreTokenizer.Behavior.MERGED_WITH_NEXT;
      case "Contiguous" -> PreTokenizer.Behavior.CONTIGUOUS;
      default -> throw unknown("split behaviour", name);
    };
  }

  private SplitPattern compiled(JsonNode pattern) {
    String source =
        pattern.has("Regex") ? text(pattern, "Regex") : escaped(text(pattern, "String"));
    return understood(() -> SplitPattern.of(source));
  }

  private <T> T understood(java.util.function.Supplier<T> compile) {
    try {
      return compile.get();
    } catch (IllegalArgumentException e) {
      throw new FormatException(file, -1, String.valueOf(e.getMessage()), e);
    }
  }

  private static String escaped(String literal) {
    StringBuilder pattern = new StringBuilder();
    literal
        .codePoints()
        .forEach(c -> pattern.append("\\x{").append(Integer.toHexString(c)).append('}'));
    return pattern.toString();
  }

  private <T> List<T> each(JsonNode node, String name, Function<JsonNode, T> build) {
    List<T> parts = new ArrayList<>();
    for (JsonNode part : node.path(name)) {
      parts.add(build.apply(part));
    }
    return parts;
  }

  private String type(JsonNode node, int depth) {
    if (depth > MAX_DEPTH) {
      throw new FormatException(file, -1, "sequences nest deeper than " + MAX_DEPTH);
    }
    return text(node, "type");
  }

  String text(JsonNode node, String name) {
    JsonNode value = node.path(name);
    if (!value.isString()) {
      throw new FormatException(
          file,
          -1,
          "'"
              + name
              + "' in a "
              + node.path("type").asString("part")
              + " is "
              + value
              + ", expected a string");
    }
    return value.asString();
  }

  private static boolean flag(JsonNode node, String name, boolean otherwise) {
    JsonNode value = node.path(name);
    return value.isBoolean() ? value.asBoolean() : otherwise;
  }

  private FormatException unknown(String what, String type) {
    return new FormatException(
        file, -1, "the " + what + " '" + type + "' is unknown; a newer version may know it");
  }
}
