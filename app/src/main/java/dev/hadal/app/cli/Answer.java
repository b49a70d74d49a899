package dev.hadal.app.cli;

import dev.hadal.chat.ChatStream;
import dev.hadal.chat.Message;
import dev.hadal.chat.ToolCall;
import dev.hadal.chat.dialect.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An answer, shown as it comes and kept whole. Thoughts are shown on a terminal only: whoever reads
 * a pipe wants the answer.
 */
final class Answer {
  private final Io io;
  private final boolean quiet;
  private final StringBuilder content = new StringBuilder();
  private final StringBuilder thinking = new StringBuilder();
  private final List<ToolCall> calls = new ArrayList<>();
  private boolean inThought;
  private boolean readerGone;
  private char last = '\n';

  /**
   * @param quiet keep it only
   */
  Answer(Io io, boolean quiet) {
    this.io = io;
    this.quiet = quiet;
  }

  /** Reads a stream to its end, or until whoever reads us has gone. */
  Answer read(ChatStream stream) {
    int prompt = stream.tokens().promptTokens();
    try (Waiting waiting = Waiting.on(io, "reading " + prompt + " tokens")) {
      Optional<Event> event = stream.next();
      waiting.end();
      for (; event.isPresent() && !readerGone; event = stream.next()) {
        accept(event.get());
      }
    }
    if (readerGone) {
      stream.close();
    }
    return this;
  }

  private void accept(Event event) {
    switch (event) {
      case Event.Thinking(String text) -> {
        thinking.append(text);
        if (io.shown()) {
          think(text);
        }
      }
      case Event.Content(String text) -> {
        content.append(text);
        endThought();
        show(text);
      }
      case Event.ToolCall(int index, ToolCall call) -> {
        calls.add(call);
        endThought();
        if (!quiet && last != '\n') {
          show("\n");
        }
        show("[tool call] " + call.name() + " " + call.argumentsJson() + "\n");
      }
    }
  }

  private void think(String text) {
    String shown = inThought ? text : text.stripLeading();
    if (!inThought && shown.isEmpty()) {
      return;
    }
    if (!inThought && !io.colored()) {
      show("(thinking) ");
    }
    inThought = true;
    show(shown.lines().count() > 1 ? dimLines(shown) : io.dim(shown));
    last = shown.isEmpty() ? last : shown.charAt(shown.length() - 1);
  }

  // Some terminals end a style with the line.
  private String dimLines(String text) {
    StringBuilder out = new StringBuilder();
    int from = 0;
    for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
      out.append(io.dim(text.substring(from, at))).append('\n');
      from = at + 1;
    }
    return out.append(io.dim(text.substring(from))).toString();
  }

  private void endThought() {
    if (inThought) {
      inThought = false;
      show(last == '\n' ? "\n" : "\n\n");
      show(io.colored() ? "" : "(answer) ");
    }
  }

  private void show(String text) {
    if (quiet || text.isEmpty()) {
      return;
    }
    io.out().print(text);
    last = text.charAt(text.length() - 1);
    readerGone = io.out().checkError(); // flushes
  }

  /** Ends the last line, where it has not ended by itself. */
  void endLine() {
    if (!quiet && last != '\n') {
      show("\n");
    }
  }

  /** Whether the pipe we write to has been closed by its reader. */
  boolean readerGone() {
    return readerGone;
  }

  /** Whether nothing came. */
  boolean isEmpty() {
    return content.isEmpty() && thinking.isEmpty() && calls.isEmpty();
  }

  String content() {
    return content.toString();
  }

  String thinking() {
    return thinking.toString();
  }

  List<ToolCall> calls() {
    return List.copyOf(calls);
  }

  Message message() {
    return Message.assistant(content(), thinking(), calls());
  }
}
