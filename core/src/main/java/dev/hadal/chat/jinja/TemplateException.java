package dev.hadal.chat.jinja;

import org.jspecify.annotations.Nullable;

/** A template that cannot be read or rendered: its name, the line, what was found and expected. */
public final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;
  private final @Nullable String template;
  private final int line;
  private final boolean raised;

  private TemplateException(
      String message, String reason, @Nullable String template, int line, boolean raised) {
    super(message);
    this.reason = reason;
    this.template = template;
    this.line = line;
    this.raised = raised;
  }

  /** A failure whose place the interpreter adds later with {@link #located}. */
  TemplateException(String reason) {
    this(reason, reason, null, 0, false);
  }

  /** A failure at a known line; the template's name is added later. */
  TemplateException(int line, String reason) {
    this(reason, reason, null, line, false);
  }

  /** What {@code raise_exception(message)} in a template throws; the message stays as it is. */
  static TemplateException raised(String message) {
    return new TemplateException(message, message, null, 0, true);
  }

  TemplateException located(String name, int fallbackLine) {
    if (template != null) {
      return this;
    }
    int where = line > 0 ? line : fallbackLine;
    String message = raised ? reason : name + ", line " + where + ": " + reason;
    TemplateException located = new TemplateException(message, reason, name, where, raised);
    located.setStackTrace(getStackTrace());
    return located;
  }

  /** What went wrong, without the place. */
  public String reason() {
    return reason;
  }

  /** The template's name, or "template" while unknown. */
  public String template() {
    return template == null ? "template" : template;
  }

  /** The line in the template's source, from 1; 0 when unknown. */
  public int line() {
    return line;
  }

  /** Whether the template itself refused by {@code raise_exception}: a message for its user. */
  public boolean isRaised() {
    return raised;
  }
}
