package dev.hadal.app.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jline.builtins.Completers.FileNameCompleter;
import org.jline.reader.Candidate;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.Terminal.SignalHandler;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/** Turns typed at a terminal: editing, history, pasting of several lines, completion. */
final class EditedLines implements Lines {
  private final Terminal terminal;
  private final LineReader reader;
  private final String prompt;

  /**
   * @param commands what begins with a slash, with one line of help each
   */
  EditedLines(Io io, Map<String, String> commands) throws IOException {
    terminal =
        TerminalBuilder.builder()
            .name("hadal")
            .system(true)
            .encoding(StandardCharsets.UTF_8)
            .graphemeCluster(false) // asking for it swallows what was typed before the prompt
            .nativeSignals(true)
            .signalHandler(SignalHandler.SIG_IGN)
            .build();
    LineReaderBuilder builder =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("hadal")
            .parser(new TurnParser())
            .completer((r, line, candidates) -> complete(r, line, commands, candidates))
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .option(LineReader.Option.HISTORY_TIMESTAMPED, false)
            .variable(LineReader.SECONDARY_PROMPT_PATTERN, "  ")
            .variable(LineReader.HISTORY_SIZE, 2000);
    Path history = history();
    if (history != null) {
      builder.variable(LineReader.HISTORY_FILE, history);
    }
    reader = builder.build();
    prompt = io.bold("> ");
  }

  private static @Nullable Path history() {
    try {
      return Files.createDirectories(Places.state()).resolve("history");
    } catch (IOException e) {
      return null; // a home that can't be written: the history lives as long as the chat
    }
  }

  @Override
  public Optional<String> next() {
    while (true) {
      try {
        return Optional.of(Turns.close(reader.readLine(prompt)));
      } catch (UserInterruptException e) {
        if (e.getPartialLine().isEmpty()) {
          return Optional.empty();
        }
        // Ctrl-C at a line that was begun drops the line.
      } catch (EndOfFileException e) {
        return Optional.empty();
      }
    }
  }

  @Override
  public void interruptible(Runnable stop, Runnable work) {
    Attributes usual = terminal.getAttributes();
    Attributes silent = new Attributes(usual);
    // What is typed meanwhile waits for the next prompt; it must not appear inside the answer.
    silent.setLocalFlag(Attributes.LocalFlag.ECHO, false);
    SignalHandler before = terminal.handle(Signal.INT, signal -> stop.run());
    try {
      terminal.setAttributes(silent);
      work.run();
    } finally {
      terminal.setAttributes(usual);
      terminal.handle(Signal.INT, before);
    }
  }

  private static void complete(
      LineReader reader,
      ParsedLine line,
      Map<String, String> commands,
      List<Candidate> candidates) {
    if (line.wordIndex() == 0) {
      if (line.word().startsWith("/")) {
        commands.forEach((name, help) ->
            candidates.add(new Candidate(name, name, null, help, null, null, true)));
      }
    } else if (line.words().getFirst().equals("/save") || line.words().getFirst().equals("/load")) {
      new FileNameCompleter().complete(reader, line, candidates);
    }
  }

  @Override
  public void close() throws IOException {
    terminal.close();
  }

  /** Lines are text, not shell words: no quotes, no escapes; an open turn asks for more. */
  private static final class TurnParser implements Parser {
    private final DefaultParser words = new DefaultParser();

    TurnParser() {
      words.setEscapeChars(new char[0]);
      words.setQuoteChars(new char[0]);
    }

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
      if (context == ParseContext.ACCEPT_LINE && Turns.isOpen(line)) {
        throw new EOFError(-1, cursor, "the turn goes on");
      }
      return words.parse(line, cursor, context);
    }

    @Override
    public boolean isEscapeChar(char c) {
      return false;
    }
  }
}
