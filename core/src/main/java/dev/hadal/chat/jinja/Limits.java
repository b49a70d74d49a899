package dev.hadal.chat.jinja;

/**
 * What one rendering may use; beyond it the template fails with a {@link TemplateException}.
 *
 * @param steps evaluated nodes, loop iterations and touched elements
 * @param depth nested evaluations, so also how deep macros may recurse
 * @param stringChars characters of the output, and of any one string on the way
 * @param items elements of any one list, dict or range
 * @param totalChars characters of all strings made on the way together
 */
public record Limits(long steps, int depth, int stringChars, int items, long totalChars) {
  /** Room for conversations of a million tokens; a hostile template is stopped within seconds. */
  public static final Limits DEFAULT = new Limits(50_000_000, 1_000, 1 << 24, 1_000_000, 1L << 29);
}
