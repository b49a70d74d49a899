package dev.hadal.tokenizer;

import java.util.List;

/**
 * Cuts text into the pieces inside which a model merges; a piece never becomes part of a token with
 * its neighbour. Some kinds also change or drop characters on the way, so a piece comes with the
 * text it lies in. {@code first} is true for a piece that begins the whole input.
 */
interface PreTokenizer {
  /** Takes the pieces in order. */
  interface Sink {
    void piece(byte[] text, int from, int to, boolean first);
  }

  void split(byte[] text, int from, int to, boolean first, Sink sink);

  /** Everything is one piece. */
  static PreTokenizer whole() {
    return (text, from, to, first, sink) -> sink.piece(text, from, to, first);
  }

  /** Each cuts the pieces of the one before. */
  static PreTokenizer sequence(List<PreTokenizer> parts) {
    if (parts.isEmpty()) {
      return whole();
    }
    PreTokenizer head = parts.getFirst();
    if (parts.size() == 1) {
      return head;
    }
    PreTokenizer tail = sequence(parts.subList(1, parts.size()));
    return (text, from, to, first, sink) ->
        head.split(text, from, to, first, (t, f, e, start) -> tail.split(t, f, e, start, sink));
  }

  /**
   * What becomes of the matches of a splitting pattern. Source: Hugging Face tokenizers,
   * SplitDelimiterBehavior.
   */
  enum Behavior {
    REMOVED,
    ISOLATED,
    MERGED_WITH_PREVIOUS,
    MERGED_WITH_NEXT,
    CONTIGUOUS
  }

  /** Matches and what lies between them are pieces. */
  static PreTokenizer isolating(String pattern) {
    return splitting(SplitPattern.of(pattern), Behavior.ISOLATED, false);
  }

  /** As above; {@code invert} swaps the roles of matches and gaps. */
  static PreTokenizer splitting(SplitPattern pattern, Behavior behavior, boolean invert) {
    if (behavior == Behavior.ISOLATED) {
      return (text, from, to, first, sink) ->
          pattern.split(
              text, from, to, (f, t, matches) -> sink.piece(text, f, t, first && f == from));
    }
    return (text, from, to, first, sink) ->
        new Merging(text, from, to, first, sink, behavior, invert).run(pattern);
  }

  /** Joins matches to their neighbours, or drops them. */
  final class Merging {
    private final byte[] text;
    private final int from;
    private final int to;
    private final boolean first;
    private final Sink sink;
    private final Behavior behavior;
    private final boolean invert;
    private int pending;
    private boolean pendingDelimits;

    private Merging(
        byte[] text,
        int from,
        int to,
        boolean first,
        Sink sink,
        Behavior behavior,
        boolean invert) {
      this.text = text;
      this.from = from;
      this.to = to;
      this.first = first;
      this.sink = sink;
      this.behavior = behavior;
      this.invert = invert;
      this.pending = from;
    }

    private void run(SplitPattern pattern) {
      pattern.split(text, from, to, this::piece);
      if (pending < to && !(behavior == Behavior.REMOVED && pendingDelimits)) {
        emit(to);
      }
    }

    private void piece(int start, int unusedEnd, boolean matches) {
      boolean delimits = matches != invert;
      if (start > pending) {
        boolean joins =
            switch (behavior) {
              case REMOVED, ISOLATED -> false;
              case MERGED_WITH_PREVIOUS -> delimits && !pendingDelimits;
              case MERGED_WITH_NEXT -> pendingDelimits && !delimits;
              case CONTIGUOUS -> delimits == pendingDelimits;
            };
        if (!joins) {
          if (behavior == Behavior.REMOVED && pendingDelimits) {
            pending = start;
          } else {
            emit(start);
          }
        }
      }
      pendingDelimits = delimits;
    }

    private void emit(int end) {
      sink.piece(text, pending, end, first && pending == from);
      pending = end;
    }
  }
}
