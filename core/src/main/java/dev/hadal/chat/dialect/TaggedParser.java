package dev.hadal.chat.dialect;

import java.util.ArrayList;
import java.util.List;

/**
 * The frame the dialects share: thinking between two tags at the reply's start, content, and calls
 * behind an opening tag, whose inside is the subclass's.
 *
 * <p>What could still become a tag is held in the buffer; trailing whitespace is held too, since it
 * counts only if text follows.
 */
abstract class TaggedParser implements StreamParser {
  static final String THINK = "<think>";
  static final String THINK_END = "</think>";

  private enum Mode {
    THINKING,
    CONTENT,
    CALLS
  }

  private final ReplyContext context;
  private final List<String> openers;
  private final boolean openersEndThinking;
  private final StringBuilder buffer = new StringBuilder();
  private List<Event> events = new ArrayList<>();
  private Mode mode;
  private String opener = "";
  private String heldSpace = "";
  private boolean skipSpace;
  private boolean thought;
  private boolean spoke;
  private int calls;

  /**
   * @param openers the tags behind which calls stand
   * @param openersEndThinking whether such a tag inside thinking is meant as one
   */
  TaggedParser(ReplyContext context, List<String> openers, boolean openersEndThinking) {
    this.context = context;
    this.openers = openers;
    this.openersEndThinking = openersEndThinking;
    mode = context.thinking() ? Mode.THINKING : Mode.CONTENT;
    skipSpace = context.thinking();
  }

  /**
   * Reads on inside calls, at the buffer's start.
   *
   * @param atEnd whether no more text comes
   * @return whether anything was done; false asks for more text
   */
  abstract boolean readCalls(StringBuilder buffer, String opener, boolean atEnd);

  /** Looks for calls without an opening tag at the reply's start; as {@link #readCalls}. */
  Start readStart(StringBuilder buffer, boolean atEnd) {
    return Start.TEXT;
  }

  /** What the beginning of a reply is. */
  enum Start {
    TEXT,
    CALLS,
    UNDECIDED
  }

  final ReplyContext context() {
    return context;
  }

  @Override
  public final List<Event> accept(String piece) {
    buffer.append(piece);
    return read(false);
  }

  @Override
  public final List<Event> finish() {
    return read(true);
  }

  private List<Event> read(boolean atEnd) {
    events = new ArrayList<>();
    boolean more = true;
    while (more) {
      more =
          switch (mode) {
            case THINKING -> readThinking(atEnd);
            case CONTENT -> readContent(atEnd);
            case CALLS -> readCalls(buffer, opener, atEnd);
          };
    }
    if (atEnd && mode == Mode.CONTENT && !heldSpace.isEmpty()) {
      events.add(new Event.Content(heldSpace));
      heldSpace = "";
    }
    return events;
  }

  private boolean readThinking(boolean atEnd) {
    List<String> tags = new ArrayList<>(List.of(THINK_END));
    if (!thought) {
      tags.add(THINK);
    }
    if (openersEndThinking) {
      tags.addAll(openers);
    }
    Cut cut = Cut.at(buffer, tags, atEnd);
    text(cut.before(buffer), true);
    if (cut.tag().equals(THINK)) {
      // Some models open again what their prompt has opened already.
      text(thought ? THINK : "", true);
      thought = true;
      buffer.delete(0, cut.end());
      return true;
    }
    buffer.delete(0, cut.end());
    if (cut.tag().isEmpty()) {
      return false;
    }
    heldSpace = "";
    skipSpace = true;
    mode = Mode.CONTENT;
    if (!cut.tag().equals(THINK_END)) {
      openCalls(cut.tag());
    }
    return true;
  }

  private boolean readContent(boolean atEnd) {
    if (!spoke && calls == 0) {
      switch (readStart(buffer, atEnd)) {
        case UNDECIDED -> {
          return false;
        }
        case CALLS -> {
          openCalls("");
          return true;
        }
        case TEXT -> {}
      }
    }
    List<String> tags = new ArrayList<>(openers);
    if (!spoke && calls == 0 && !context.thinking()) {
      tags.add(THINK);
    }
    Cut cut = Cut.at(buffer, tags, atEnd);
    String before = cut.before(buffer);
    if (cut.tag().equals(THINK) && !before.isBlank()) {
      // Thinking stands first; later its tag is something the answer is about.
      text(before + THINK, false);
      buffer.delete(0, cut.end());
      return true;
    }
    text(before, false);
    buffer.delete(0, cut.end());
    if (cut.tag().isEmpty()) {
      return false;
    }
    heldSpace = "";
    if (cut.tag().equals(THINK)) {
      mode = Mode.THINKING;
      skipSpace = true;
    } else {
      openCalls(cut.tag());
    }
    return true;
  }

  private void openCalls(String tag) {
    opener = tag;
    mode = Mode.CALLS;
  }

  /** Goes back to content behind calls; the whitespace there is dropped. */
  final void closeCalls() {
    mode = Mode.CONTENT;
    skipSpace = true;
  }

  /** Tells a call. */
  final void call(String name, String argumentsJson) {
    events.add(
        new Event.ToolCall(
            calls, new dev.hadal.chat.ToolCall(ToolCallIds.next(), name, argumentsJson)));
    calls++;
  }

  /** What looked like a call and is none. */
  final void notACall(String text) {
    mode = Mode.CONTENT;
    skipSpace = false;
    text(text, false);
  }

  private void text(String piece, boolean thinking) {
    String text = skipSpace ? piece.stripLeading() : piece;
    if (text.isEmpty()) {
      return;
    }
    skipSpace = false;
    String whole = heldSpace + text;
    String solid = whole.stripTrailing();
    heldSpace = whole.substring(solid.length());
    if (!solid.isEmpty()) {
      spoke |= !thinking;
      thought |= thinking;
      events.add(thinking ? new Event.Thinking(solid) : new Event.Content(solid));
    }
  }
}
