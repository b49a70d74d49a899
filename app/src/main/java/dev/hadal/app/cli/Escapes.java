package dev.hadal.app.cli;

import java.util.Locale;

/** Characters that a shell makes hard to type: {@code \n}, {@code \t}, {@code \r}, {@code \\}. */
final class Escapes {
  private Escapes() {}

  /** The text with its escapes replaced; others stay as they are. */
  static String read(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      char next = i + 1 < text.length() ? text.charAt(i + 1) : 0;
      int known = c == '\\' ? "ntr\\".indexOf(next) : -1;
      if (known >= 0) {
        out.append("\n\t\r\\".charAt(known));
        i++;
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  /** The text on one line, as a listing shows it. */
  static String show(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int known = "\n\t\r\\".indexOf(c);
      if (known >= 0) {
        out.append('\\').append("ntr\\".charAt(known));
      } else if (Character.isISOControl(c)) {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
