package dev.hadal.chat.jinja;

/**
 * A string marked as safe HTML ({@code |safe}, {@code |escape}): what is added to it is escaped.
 */
record Markup(String text) {
  /** The text as it stands for Markup, HTML-escaped for anything else. */
  static String escape(Object value) {
    if (value instanceof Markup markup) {
      return markup.text;
    }
    String text = Printer.str(value);
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&#34;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
    return out.toString();
  }
}
