package dev.hadal.tokenizer;

import java.text.Normalizer.Form;
import java.util.List;
import java.util.Locale;

/** Changes text before it is cut. Source of the kinds: Hugging Face tokenizers, normalizers. */
interface Normalizer {
  String apply(String text);

  static Normalizer none() {
    return text -> text;
  }

  static Normalizer sequence(List<Normalizer> parts) {
    return parts.stream().reduce((a, b) -> text -> b.apply(a.apply(text))).orElse(none());
  }

  /** NFC, NFD, NFKC or NFKD. */
  static Normalizer unicode(Form form) {
    return text ->
        java.text.Normalizer.isNormalized(text, form)
            ? text
            : java.text.Normalizer.normalize(text, form);
  }

  static Normalizer lowercase() {
    return text -> text.toLowerCase(Locale.ROOT);
  }

  /** A prefix for every text that is not empty. */
  static Normalizer prepend(String prefix) {
    return text -> text.isEmpty() ? text : prefix + text;
  }

  static Normalizer replace(String what, String with) {
    return text -> text.replace(what, with);
  }

  /** Matches of a pattern are replaced. */
  static Normalizer replace(SplitPattern what, String with) {
    return text -> {
      byte[] bytes = Utf8.encode(text);
      StringBuilder out = new StringBuilder(text.length());
      what.split(
          bytes,
          0,
          bytes.length,
          (from, to, matches) ->
              out.append(
                  matches
                      ? with
                      : new String(
                          bytes, from, to - from, java.nio.charset.StandardCharsets.UTF_8)));
      return out.toString();
    };
  }

  static Normalizer strip(boolean left, boolean right) {
    return text -> {
      String stripped = left ? text.stripLeading() : text;
      return right ? stripped.stripTrailing() : stripped;
    };
  }

  /** Drops non-spacing marks. */
  static Normalizer stripAccents() {
    return text -> filtered(text, c -> Character.getType(c) != Character.NON_SPACING_MARK);
  }

  /** SentencePiece's treatment of spaces: runs become one, none at the ends. */
  static Normalizer collapseSpaces() {
    return text -> {
      StringBuilder out = new StringBuilder(text.length());
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c != ' ' || !out.isEmpty() && out.charAt(out.length() - 1) != ' ') {
          out.append(c);
        }
      }
      if (!out.isEmpty() && out.charAt(out.length() - 1) == ' ') {
        out.setLength(out.length() - 1);
      }
      return out.toString();
    };
  }

  /** Nmt: control and format characters go, odd spaces become spaces. */
  static Normalizer nmt() {
    return text ->
        filtered(
            text.codePoints()
                .map(c ->
                    c == '\t'
                            || c == '\n'
                            || c == '\r'
                            || c == 0x0C
                            || c >= 0x2028 && c <= 0x2029
                            || c == 0x1680
                            || c == 0x200B
                            || c == 0x200E
                            || c == 0x200F
                            || c == 0x2581
                            || c == 0xFEFF
                            || c == 0xFFFD
                        ? ' '
                        : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString(),
            c -> !(c < 0x20 || c == 0x7F || c == 0x8F || c == 0x9F));
  }

  /**
   * BERT's cleaning: control characters go, Chinese characters stand alone, then accents and
   * capitals as asked.
   */
  static Normalizer bert(boolean clean, boolean chinese, boolean stripAccents, boolean lowercase) {
    return text -> {
      StringBuilder out = new StringBuilder(text.length() + 16);
      text.codePoints()
          .forEach(c -> {
            boolean space = CodePointSet.SPACE.contains(c);
            // A form feed is a control character first and a space second, as in the reference.
            if (clean && (c == 0xFFFD || isControl(c) && c != '\t' && c != '\n' && c != '\r')) {
              return;
            }
            if (clean && space) {
              out.append(' ');
            } else if (chinese && isChinese(c)) {
              out.append(' ').appendCodePoint(c).append(' ');
            } else {
              out.appendCodePoint(c);
            }
          });
      String result = out.toString();
      if (stripAccents) {
        result = stripAccents().apply(unicode(Form.NFD).apply(result));
      }
      return lowercase ? lowercase().apply(result) : result;
    };
  }

  private static boolean isControl(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }

  private static boolean isChinese(int c) {
    return c >= 0x4E00 && c <= 0x9FFF
        || c >= 0x3400 && c <= 0x4DBF
        || c >= 0x20000 && c <= 0x2A6DF
        || c >= 0x2A700 && c <= 0x2B81F
        || c >= 0x2B920 && c <= 0x2CEAF // the reference begins here, not at the block's own 2B820
        || c >= 0xF900 && c <= 0xFAFF
        || c >= 0x2F800 && c <= 0x2FA1F;
  }

  private static String filtered(String text, java.util.function.IntPredicate keep) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints().filter(keep).forEach(out::appendCodePoint);
    return out.toString();
  }
}
