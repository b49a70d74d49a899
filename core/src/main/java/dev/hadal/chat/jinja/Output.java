package dev.hadal.chat.jinja;

/** Where a template's text goes; it knows how long it may get. */
final class Output {
  private final StringBuilder text = new StringBuilder();
  private final Runtime runtime;

  Output(Runtime runtime) {
    this.runtime = runtime;
  }

  void write(String more) {
    runtime.checkLength((long) text.length() + more.length());
    runtime.checkChars(more.length());
    text.append(more);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
