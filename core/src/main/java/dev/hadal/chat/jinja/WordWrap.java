package dev.hadal.chat.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code wordwrap} filter: each line wrapped alone, as Python's textwrap does it. */
final class WordWrap {
  private static final Pattern BLANKS = Pattern.compile("[\\t\\n\\x0b\\f\\r ]+");
  private static final Pattern HYPHENATED =
      Pattern.compile("(?<=[\\p{L}\\p{N}_!\"'&.,?]{2}-)(?=\\p{L}\\p{L})");

  private WordWrap() {}

  static Object apply(Runtime runtime, Object value, Arguments arguments) {
    Arguments.Bound bound =
        arguments.bind("wordwrap", "width", "break_long_words", "wrapstring", "break_on_hyphens");
    int width = bound.integer(0, 79);
    if (width <= 0) {
      throw new TemplateException("wordwrap: invalid width " + width + " (must be > 0)");
    }
    String wrapString = bound.orNone(2) == None.NONE ? "\n" : bound.text(2);
    List<String> wrapped = new ArrayList<>();
    for (Object line : Splits.lines(Values.text(value, "wordwrap's value"), false)) {
      wrapped.add(
          String.join(
              wrapString, wrap((String) line, width, bound.flag(1, true), bound.flag(3, true))));
    }
    return runtime.counted(String.join(wrapString, wrapped));
  }

  private static List<String> wrap(
      String line, int width, boolean breakLong, boolean breakOnHyphens) {
    Deque<String> chunks = chunks(line, breakOnHyphens);
    List<String> lines = new ArrayList<>();
    while (!chunks.isEmpty()) {
      if (!lines.isEmpty() && chunks.peek().isBlank()) {
        chunks.pop();
        continue;
      }
      List<String> current = new ArrayList<>();
      int used = 0;
      while (!chunks.isEmpty() && used + PyString.length(chunks.peek()) <= width) {
        used += PyString.length(chunks.peek());
        current.add(chunks.pop());
      }
      if (!chunks.isEmpty() && PyString.length(chunks.peek()) > width) {
        String word = chunks.pop();
        if (breakLong) {
          int room = PyString.offset(word, width - used);
          current.add(word.substring(0, room));
          chunks.push(word.substring(room));
        } else if (current.isEmpty()) {
          current.add(word);
        } else {
          chunks.push(word);
        }
      }
      if (!current.isEmpty() && current.getLast().isBlank()) {
        current.removeLast();
      }
      if (!current.isEmpty()) {
        lines.add(String.join("", current));
      }
    }
    return lines;
  }

  private static Deque<String> chunks(String line, boolean breakOnHyphens) {
    Deque<String> chunks = new ArrayDeque<>();
    Matcher blanks = BLANKS.matcher(line);
    int at = 0;
    while (at < line.length()) {
      boolean found = blanks.find(at);
      int end = found ? blanks.start() : line.length();
      if (end > at) {
        String word = line.substring(at, end);
        for (String part : breakOnHyphens ? HYPHENATED.split(word) : new String[] {word}) {
          chunks.add(part);
        }
      }
      if (found) {
        chunks.add(blanks.group());
      }
      at = found ? blanks.end() : end;
    }
    return chunks;
  }
}
