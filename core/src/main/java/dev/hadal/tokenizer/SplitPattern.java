package dev.hadal.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A splitting pattern compiled to an automaton that reads each character once: no backtracking, no
 * recursion, so a megabyte of spaces costs what a megabyte of prose does.
 *
 * <p>The pattern becomes a nondeterministic automaton whose threads are kept in order of preference
 * (Pike), and sets of threads become the states of a deterministic one when they are first met (as
 * in RE2), which gives a backtracking engine's choice among alternatives. A state is left on seeing
 * the next character, and only then are its lookaheads decided; a match is therefore noticed one
 * character late. Characters the pattern does not tell apart share a class. Safe to share between
 * threads.
 */
final class SplitPattern {
  private static final int MAX_NODES = 4000;
  private static final int MAX_STATES = 10_000;
  private static final int MAX_KEPT = 128;

  /**
   * Compiled patterns are shared: vocabularies of one family cut alike, and what one has explored
   * another need not.
   */
  private static final Map<String, SplitPattern> KEPT = new ConcurrentHashMap<>();

  /**
   * A set of threads, most preferred first; {@code matched}: a match ended before the character
   * that led here.
   */
  private static final class State {
    final int[] threads;
    final boolean matched;
    final State[] next;

    State(int[] threads, boolean matched, int classes) {
      this.threads = threads;
      this.matched = matched;
      this.next = new State[classes + 1];
    }
  }

  private record StateKey(List<Integer> threads, boolean matched) {}

  private enum Kind {
    CHARS,
    AHEAD,
    FORK,
    MATCH
  }

  /**
   * One node: CHARS and AHEAD test {@code set} and go to {@code a}; FORK goes to {@code a} rather
   * than {@code b}.
   */
  private record Node(Kind kind, int set, int a, int b) {}

  private record Test(CodePointSet set, boolean end) {}

  private final List<Node> nodes = new ArrayList<>();
  private final List<Test> tests = new ArrayList<>();
  private final int entry;

  /** Whether a test accepts a class; the last class is the end of the text. */
  private final boolean[][] accepts;

  private final int[] blockOf = new int[CodePointSet.LIMIT >> 8];
  private final char[] classOf;
  private final int classes;

  private final Map<StateKey, State> states = new HashMap<>();
  private volatile State start;

  /**
   * The compiled form of a pattern, from before where there is one; throws as the constructor does.
   */
  static SplitPattern of(String pattern) {
    SplitPattern kept = KEPT.get(pattern);
    if (kept == null) {
      kept = new SplitPattern(pattern);
      if (KEPT.size() < MAX_KEPT) {
        KEPT.put(pattern, kept);
      }
    }
    return kept;
  }

  /**
   * Compiles a pattern.
   *
   * @throws IllegalArgumentException when it is not understood, or too large
   */
  SplitPattern(String pattern) {
    int match = add(new Node(Kind.MATCH, 0, 0, 0));
    entry = compile(PatternParser.parse(pattern), match);
    TreeSet<Integer> bounds = new TreeSet<>(List.of(0, CodePointSet.LIMIT));
    for (Test test : tests) {
      Arrays.stream(test.set().bounds()).forEach(bounds::add);
    }
    Map<String, Integer> classIds = new HashMap<>();
    List<char[]> members = new ArrayList<>();
    int[] from = bounds.stream().mapToInt(Integer::intValue).toArray();
    char[] classOfInterval = new char[from.length];
    for (int i = 0; i + 1 < from.length; i++) {
      char[] signature = new char[tests.size()];
      for (int t = 0; t < signature.length; t++) {
        signature[t] = tests.get(t).set().contains(from[i]) ? '1' : '0';
      }
      Integer known = classIds.putIfAbsent(new String(signature), members.size());
      if (known == null) {
        members.add(signature);
        known = members.size() - 1;
      }
      classOfInterval[i] = (char) (int) known;
    }
    classes = members.size();
    accepts = new boolean[tests.size()][classes + 1];
    for (int t = 0; t < tests.size(); t++) {
      for (int c = 0; c < classes; c++) {
        accepts[t][c] = members.get(c)[t] == '1';
      }
      accepts[t][classes] = tests.get(t).end();
    }
    classOf = fillClasses(from, classOfInterval);
    start = state(List.of(entry), false);
  }

  /** Sees each match in turn. */
  interface Sink {
    void piece(int from, int to, boolean matches);
  }

  /** Cuts text into its matches and what lies between them, all of it in order. */
  void split(byte[] text, int from, int to, Sink sink) {
    int gap = from;
    int at = from;
    // A failed search that sat in one state over a stretch will fail again for whoever enters that
    // state there: without this memory
    // a pattern such as \s+$ takes quadratic time on spaces that end in a letter.
    State deadState = start;
    int deadFrom = 0;
    int deadTo = 0;
    while (at < to) {
      State state = start;
      int end = -1;
      int i = at;
      State entered = start;
      int enteredAt = at;
      boolean known = false;
      while (true) {
        int length = 0;
        int characterClass = classes;
        if (i < to) {
          int first = text[i];
          if (first >= 0) {
            length = 1;
            characterClass = classOf[first];
          } else {
            length = Utf8.length((byte) first);
            int c = Utf8.codePoint(text, i);
            characterClass = classOf[blockOf[c >> 8] + (c & 0xFF)];
          }
        }
        State next = state.next[characterClass];
        if (next == null) {
          next = step(state, characterClass);
        }
        if (next.matched) {
          end = i;
        }
        if (next.threads.length == 0 || i >= to) {
          break;
        }
        i += length;
        if (next != entered) {
          entered = next;
          enteredAt = i;
        }
        if (next == deadState && i >= deadFrom && i < deadTo && end < 0) {
          known = true;
          break;
        }
        state = next;
      }
      if (end > at) {
        if (gap < at) {
          sink.piece(gap, at, false);
        }
        sink.piece(at, end, true);
        at = end;
        gap = end;
      } else {
        if (end < 0 && !known && i > enteredAt) {
          deadState = entered;
          deadFrom = enteredAt;
          deadTo = i;
        }
        at += Utf8.length(text[at]);
      }
    }
    if (gap < to) {
      sink.piece(gap, to, false);
    }
  }

  private int add(Node node) {
    if (nodes.size() >= MAX_NODES) {
      throw new IllegalArgumentException(
          "the splitting pattern needs more than " + MAX_NODES + " states");
    }
    nodes.add(node);
    return nodes.size() - 1;
  }

  private int test(CodePointSet set, boolean end) {
    tests.add(new Test(set, end));
    return tests.size() - 1;
  }

  /** Adds the nodes that match a part and then go on; returns their entry. */
  private int compile(PatternParser.Node part, int next) {
    return switch (part) {
      case PatternParser.Node.Chars chars ->
          add(new Node(Kind.CHARS, test(chars.set(), false), next, 0));
      case PatternParser.Node.Ahead ahead ->
          add(new Node(Kind.AHEAD, test(ahead.set(), ahead.orEnd()), next, 0));
      case PatternParser.Node.Sequence sequence -> {
        int at = next;
        for (PatternParser.Node element : sequence.parts().reversed()) {
          at = compile(element, at);
        }
        yield at;
      }
      case PatternParser.Node.Choice choice -> {
        int at = compile(choice.options().getLast(), next);
        for (int i = choice.options().size() - 2; i >= 0; i--) {
          at = add(new Node(Kind.FORK, 0, compile(choice.options().get(i), next), at));
        }
        yield at;
      }
      case PatternParser.Node.Repeat repeat -> repeat(repeat, next);
    };
  }

  private int repeat(PatternParser.Node.Repeat repeat, int next) {
    int at = next;
    if (repeat.max() < 0) {
      at = add(new Node(Kind.FORK, 0, 0, 0));
      nodes.set(at, fork(compile(repeat.part(), at), next, repeat.lazy()));
    } else {
      for (int i = repeat.min(); i < repeat.max(); i++) {
        at = add(fork(compile(repeat.part(), at), next, repeat.lazy()));
      }
    }
    for (int i = 0; i < repeat.min(); i++) {
      at = compile(repeat.part(), at);
    }
    return at;
  }

  private static Node fork(int more, int enough, boolean lazy) {
    return lazy ? new Node(Kind.FORK, 0, enough, more) : new Node(Kind.FORK, 0, more, enough);
  }

  private char[] fillClasses(int[] from, char[] classOfInterval) {
    Map<String, Integer> known = new HashMap<>();
    List<String> blocks = new ArrayList<>();
    char[] values = new char[256];
    int interval = 0;
    int unchangedUntil = 0;
    for (int block = 0; block < blockOf.length; block++) {
      int first = block << 8;
      if (first + 256 > unchangedUntil) {
        for (int c = 0; c < 256; c++) {
          while ((first | c) >= from[interval + 1]) {
            interval++;
          }
          values[c] = classOfInterval[interval];
        }
        String key = new String(values);
        Integer index = known.putIfAbsent(key, blocks.size());
        if (index == null) {
          blocks.add(key);
          index = blocks.size() - 1;
        }
        blockOf[block] = index << 8;
        // Where one class fills a block and reaches beyond it, the blocks it fills are the same
        // one.
        unchangedUntil = from[interval] <= first ? from[interval + 1] : 0;
      } else {
        blockOf[block] = blockOf[block - 1];
      }
    }
    return String.join("", blocks).toCharArray();
  }

  private synchronized State state(List<Integer> threads, boolean matched) {
    if (states.size() > MAX_STATES) {
      states.clear();
      start = new State(new int[] {entry}, false, classes);
    }
    return states.computeIfAbsent(
        new StateKey(threads, matched),
        key ->
            new State(
                key.threads().stream().mapToInt(Integer::intValue).toArray(),
                key.matched(),
                classes));
  }

  /** Where a character (or the end) of this class leads. */
  private State step(State state, int characterClass) {
    boolean[] seen = new boolean[nodes.size()];
    int[] stack = new int[nodes.size() + 1];
    List<Integer> threads = new ArrayList<>();
    boolean[] added = new boolean[nodes.size()];
    for (int thread : state.threads) {
      int height = 0;
      stack[height++] = thread;
      while (height > 0) {
        int at = stack[--height];
        if (seen[at]) {
          continue;
        }
        seen[at] = true;
        Node node = nodes.get(at);
        switch (node.kind()) {
          case MATCH -> {
            return remember(state, characterClass, threads, true);
          }
          case FORK -> {
            stack = height + 2 > stack.length ? Arrays.copyOf(stack, 2 * stack.length) : stack;
            stack[height++] = node.b();
            stack[height++] = node.a();
          }
          case AHEAD -> {
            if (accepts[node.set()][characterClass]) {
              stack[height++] = node.a();
            }
          }
          case CHARS -> {
            if (characterClass < classes
                && accepts[node.set()][characterClass]
                && !added[node.a()]) {
              added[node.a()] = true;
              threads.add(node.a());
            }
          }
        }
      }
    }
    return remember(state, characterClass, threads, false);
  }

  private State remember(State state, int characterClass, List<Integer> threads, boolean matched) {
    State next = state(List.copyOf(threads), matched);
    state.next[characterClass] = next;
    return next;
  }
}
