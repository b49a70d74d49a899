package dev.hadal.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The kinds of {@link PreTokenizer} that are more than a pattern. Source: Hugging Face tokenizers,
 * pre_tokenizers.
 */
final class PreTokenizers {
  static final byte[] META = "▁".getBytes(StandardCharsets.UTF_8);

  private PreTokenizers() {}

  /** Where Metaspace puts its mark in front of a text. */
  enum Prepend {
    ALWAYS,
    FIRST,
    NEVER
  }

  /**
   * Spaces become ▁, a text may get one in front, and with {@code split} a piece begins at every ▁.
   */
  static PreTokenizer metaspace(Prepend prepend, boolean split) {
    PreTokenizer cut = split ? beforeMeta() : PreTokenizer.whole();
    return (text, from, to, first, sink) -> {
      boolean mark = prepend == Prepend.ALWAYS || prepend == Prepend.FIRST && first;
      ByteArrayOutputStream marked = new ByteArrayOutputStream(to - from + 16);
      if (mark && !(text[from] == ' ') && !startsWithMeta(text, from, to)) {
        marked.writeBytes(META);
      }
      for (int i = from; i < to; i++) {
        if (text[i] == ' ') {
          marked.writeBytes(META);
        } else {
          marked.write(text[i]);
        }
      }
      byte[] bytes = marked.toByteArray();
      cut.split(bytes, 0, bytes.length, first, sink);
    };
  }

  /** A piece begins at every ▁. */
  static PreTokenizer beforeMeta() {
    return (text, from, to, first, sink) -> {
      int start = from;
      for (int i = from + 1; i + 2 < to; i++) {
        if (startsWithMeta(text, i, to)) {
          sink.piece(text, start, i, first && start == from);
          start = i;
        }
      }
      sink.piece(text, start, to, first && start == from);
    };
  }

  /**
   * A piece begins at a ▁ that follows another character. It changes nothing for a vocabulary none
   * of whose tokens has a ▁ there, and makes words short enough to remember.
   */
  static PreTokenizer beforeMetaRuns() {
    return (text, from, to, first, sink) -> {
      int start = from;
      boolean afterMeta = true;
      for (int i = from; i < to; ) {
        boolean meta = startsWithMeta(text, i, to);
        if (meta && !afterMeta) {
          sink.piece(text, start, i, first && start == from);
          start = i;
        }
        afterMeta = meta;
        i += meta ? META.length : 1;
      }
      if (start < to) {
        sink.piece(text, start, to, first && start == from);
      }
    };
  }

  static boolean startsWithMeta(byte[] text, int at, int to) {
    return at + 2 < to && text[at] == META[0] && text[at + 1] == META[1] && text[at + 2] == META[2];
  }

  /** GPT-2's splitting, with the space it may want in front. */
  static PreTokenizer byteLevel(boolean addPrefixSpace, boolean useRegex) {
    PreTokenizer cut = useRegex ? PreTokenizer.isolating(Patterns.GPT2) : PreTokenizer.whole();
    if (!addPrefixSpace) {
      return cut;
    }
    return (text, from, to, first, sink) -> {
      if (from < to && Character.isWhitespace(text[from])) {
        cut.split(text, from, to, first, sink);
        return;
      }
      byte[] spaced = new byte[to - from + 1];
      spaced[0] = ' ';
      System.arraycopy(text, from, spaced, 1, to - from);
      cut.split(spaced, 0, spaced.length, first, sink);
    };
  }

  /** Words without the whitespace between them, punctuation marks alone. */
  static PreTokenizer bert() {
    return PreTokenizer.sequence(
        List.of(
            PreTokenizer.splitting(SplitPattern.of("\\s+"), PreTokenizer.Behavior.REMOVED, false),
            PreTokenizer.isolating("[!-/:-@\\[-`{-~\\p{P}]")));
  }

  /**
   * Digits in threes counted from the right, {@code 1234567} as 1 234 567. Only as {@code whole}
   * numbers, or also where letters follow. The patterns that say so, {@code
   * \d{1,3}(?=(?:\d{3})*\b)} and its like, look ahead without bound.
   */
  static PreTokenizer digitTriples(boolean boundary) {
    SplitPattern numbers = SplitPattern.of(boundary ? "\\d+" : "\\p{N}+");
    CodePointSet word = CodePointSet.word();
    return (text, from, to, first, sink) ->
        numbers.split(
            text,
            from,
            to,
            (f, t, matches) -> {
              if (!matches || boundary && t < to && word.contains(Utf8.codePoint(text, t))) {
                sink.piece(text, f, t, first && f == from);
                return;
              }
              int digits = 0;
              for (int i = f; i < t; i += Utf8.length(text[i])) {
                digits++;
              }
              int start = f;
              int i = f;
              for (int left = digits; left > 0; left--) {
                i += Utf8.length(text[i]);
                if ((left - 1) % 3 == 0) {
                  sink.piece(text, start, i, first && start == from);
                  start = i;
                }
              }
            });
  }

  /** Pieces of a fixed number of characters. */
  static PreTokenizer fixedLength(int length) {
    return (text, from, to, first, sink) -> {
      int start = from;
      int count = 0;
      for (int i = from; i < to; ) {
        i += Utf8.length(text[i]);
        if (++count == length || i >= to) {
          sink.piece(text, start, i, first && start == from);
          start = i;
          count = 0;
        }
      }
    };
  }
}
