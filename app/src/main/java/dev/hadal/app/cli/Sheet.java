package dev.hadal.app.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A page of titled lines, no wider than a terminal's 80 columns. */
final class Sheet {
  private static final int WIDTH = 79;
  private static final int KEY = 14;
  private static final int BAR = 10;

  private final Io io;
  private boolean begun;

  Sheet(Io io) {
    this.io = io;
  }

  void title(String title) {
    if (begun) {
      io.out().println();
    }
    begun = true;
    io.out().println(io.bold(title));
  }

  void line(String key, String value) {
    String shown = io.dim(String.format(Locale.ROOT, "  %-" + (KEY - 2) + "s", key));
    for (String part : wrapped(value, WIDTH - KEY)) {
      io.out().println(shown + part);
      shown = " ".repeat(KEY);
    }
  }

  /** A paragraph among others. */
  void item(String sentence) {
    String mark = "  - ";
    for (String part : wrapped(sentence, WIDTH - mark.length())) {
      io.out().println(mark + part);
      mark = "    ";
    }
  }

  /** A bar of ten cells, {@code share} of them filled. */
  static String bar(double share) {
    int full = (int) Math.round(Math.clamp(share, 0, 1) * BAR);
    return "█".repeat(full) + "░".repeat(BAR - full);
  }

  /** Broken at spaces; a longer word stays whole. */
  static List<String> wrapped(String text, int width) {
    List<String> lines = new ArrayList<>();
    String rest = text;
    while (rest.length() > width) {
      int at = rest.lastIndexOf(' ', width);
      int end = at > 0 ? at : rest.indexOf(' ', width);
      if (end < 0) {
        break;
      }
      lines.add(rest.substring(0, end));
      rest = rest.substring(end + 1);
    }
    lines.add(rest);
    return lines;
  }
}
