package dev.hadal.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** How Python cuts strings: split, rsplit, splitlines, partition, rpartition. */
final class Splits {
  private Splits() {}

  static List<Object> split(Runtime runtime, String self, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("split", "sep", "maxsplit");
    int most = most(bound);
    List<Object> parts = new ArrayList<>();
    if (bound.orNone(0) == None.NONE) {
      words(self, most, parts);
    } else {
      String separator = separator(bound);
      int from = 0;
      int at = self.indexOf(separator);
      while (at >= 0 && parts.size() < most) {
        parts.add(self.substring(from, at));
        from = at + separator.length();
        at = self.indexOf(separator, from);
      }
      parts.add(self.substring(from));
    }
    return checked(runtime, parts);
  }

  private static void words(String self, int most, List<Object> parts) {
    int at = 0;
    while (true) {
      while (at < self.length() && PyString.isSpace(self.charAt(at))) {
        at++;
      }
      if (at == self.length()) {
        return;
      }
      if (parts.size() >= most) {
        parts.add(self.substring(at));
        return;
      }
      int start = at;
      while (at < self.length() && !PyString.isSpace(self.charAt(at))) {
        at++;
      }
      parts.add(self.substring(start, at));
    }
  }

  static List<Object> rsplit(Runtime runtime, String self, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("rsplit", "sep", "maxsplit");
    int most = most(bound);
    List<Object> parts = new ArrayList<>();
    if (bound.orNone(0) == None.NONE) {
      wordsFromRight(self, most, parts);
    } else {
      String separator = separator(bound);
      int to = self.length();
      int at = self.lastIndexOf(separator);
      while (at >= 0 && parts.size() < most) {
        parts.add(self.substring(at + separator.length(), to));
        to = at;
        at = to < separator.length() ? -1 : self.lastIndexOf(separator, to - separator.length());
      }
      parts.add(self.substring(0, to));
    }
    Collections.reverse(parts);
    return checked(runtime, parts);
  }

  private static void wordsFromRight(String self, int most, List<Object> parts) {
    int at = self.length();
    while (true) {
      while (at > 0 && PyString.isSpace(self.charAt(at - 1))) {
        at--;
      }
      if (at == 0) {
        return;
      }
      if (parts.size() >= most) {
        parts.add(self.substring(0, at));
        return;
      }
      int end = at;
      while (at > 0 && !PyString.isSpace(self.charAt(at - 1))) {
        at--;
      }
      parts.add(self.substring(at, end));
    }
  }

  private static int most(Arguments.Bound bound) {
    int given = bound.integer(1, -1);
    return given < 0 ? Integer.MAX_VALUE : given;
  }

  private static String separator(Arguments.Bound bound) {
    String separator = bound.text(0);
    if (separator.isEmpty()) {
      throw new TemplateException("empty separator");
    }
    return separator;
  }

  private static List<Object> checked(Runtime runtime, List<Object> parts) {
    runtime.checkItems(parts.size());
    runtime.step(parts.size());
    return parts;
  }

  static List<Object> lines(Runtime runtime, String self, Arguments arguments) {
    boolean keepEnds = arguments.bind("splitlines", "keepends").flag(0, false);
    return checked(runtime, lines(self, keepEnds));
  }

  static List<Object> lines(String self, boolean keepEnds) {
    List<Object> lines = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < self.length(); i++) {
      if (PyString.isLineEnd(self.charAt(i))) {
        boolean pair = self.startsWith("\r\n", i);
        int end = pair ? i + 2 : i + 1;
        lines.add(self.substring(from, keepEnds ? end : i));
        from = end;
        i = end - 1;
      }
    }
    if (from < self.length()) {
      lines.add(self.substring(from));
    }
    return lines;
  }

  static Tuple partition(String self, Arguments arguments) {
    String separator = separator(arguments.bind("partition", "sep"));
    int at = self.indexOf(separator);
    return at < 0
        ? Tuple.of(self, "", "")
        : Tuple.of(self.substring(0, at), separator, self.substring(at + separator.length()));
  }

  static Tuple rpartition(String self, Arguments arguments) {
    String separator = separator(arguments.bind("rpartition", "sep"));
    int at = self.lastIndexOf(separator);
    return at < 0
        ? Tuple.of("", "", self)
        : Tuple.of(self.substring(0, at), separator, self.substring(at + separator.length()));
  }
}
