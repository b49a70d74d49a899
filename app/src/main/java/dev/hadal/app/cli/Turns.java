package dev.hadal.app.cli;

/**
 * How one turn is typed over several lines: a line that ends in a backslash goes on, and so does
 * everything between two {@code """}.
 */
final class Turns {
  private static final String FENCE = "\"\"\"";

  private Turns() {}

  /** Whether more lines belong to this turn. */
  static boolean isOpen(String text) {
    boolean inFence = false;
    for (int at = text.indexOf(FENCE); at >= 0; at = text.indexOf(FENCE, at + FENCE.length())) {
      inFence = !inFence;
    }
    return inFence || text.endsWith("\\");
  }

  /** The turn's text, without what held its lines together. */
  static String close(String text) {
    String stripped = text.strip();
    if (stripped.startsWith(FENCE)) {
      int end = stripped.lastIndexOf(FENCE);
      String inside = end > 0 ? stripped.substring(FENCE.length(), end) : stripped.substring(3);
      return inside.strip();
    }
    return text.replace("\\\n", "\n").strip();
  }
}
