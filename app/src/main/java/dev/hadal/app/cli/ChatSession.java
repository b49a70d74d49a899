package dev.hadal.app.cli;

import dev.hadal.Hadal;
import dev.hadal.app.hub.Spelling;
import dev.hadal.chat.ChatRequest;
import dev.hadal.chat.ChatStream;
import dev.hadal.chat.Message;
import dev.hadal.chat.jinja.TemplateException;
import dev.hadal.engine.CapacityException;
import dev.hadal.engine.FinishReason;
import dev.hadal.engine.SamplingParams;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The turns of a chat: commands, questions and answers. */
final class ChatSession {
  /** Every command with its line of help. */
  static final Map<String, String> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("/help", "this list");
    COMMANDS.put("/system", "TEXT: tell the model who it shall be; alone: show it; -: drop it");
    COMMANDS.put("/clear", "forget the conversation, keep the system message");
    COMMANDS.put("/regenerate", "answer the last question again");
    COMMANDS.put("/save", "FILE: write the conversation as JSON");
    COMMANDS.put("/load", "FILE: go on with one that was written");
    COMMANDS.put("/stats", "how long the last answer took; on, off: say it after every answer");
    COMMANDS.put("/exit", "leave; so does Ctrl-D");
  }

  /** The part of a context that is kept free for an answer. */
  private static final int ANSWER_PART = 4;

  private final Io io;
  private final Hadal hadal;
  private final Conversation conversation;
  private final SamplingParams params;
  private Map<String, Object> variables = Map.of();
  private boolean statsAlways;
  private @Nullable Stats last;

  ChatSession(Io io, Hadal hadal, Conversation conversation, SamplingParams params) {
    this.io = io;
    this.hadal = hadal;
    this.conversation = conversation;
    this.params = params;
  }

  /** Variables for the chat template. */
  void variables(Map<String, Object> given) {
    variables = Map.copyOf(given);
  }

  /** Whether every answer's times are said. */
  void stats(boolean always) {
    statsAlways = always;
  }

  /** Goes on until the person leaves. */
  void talk(Lines lines) throws IOException {
    boolean goesOn = true;
    while (goesOn) {
      io.out().flush();
      Optional<String> turn = lines.next();
      goesOn = turn.isPresent() && take(turn.get(), lines);
    }
    if (io.shown()) {
      io.out().println();
    }
  }

  /** One turn; false when it was the last. */
  private boolean take(String turn, Lines lines) {
    try {
      if (isCommand(turn)) {
        return command(turn, lines);
      }
      if (!turn.isEmpty()) {
        return ask(turn, lines);
      }
    } catch (IOException e) {
      io.say(
          e instanceof NoSuchFileException
              ? "there is no file " + e.getMessage()
              : "" + e.getMessage());
    } catch (IllegalArgumentException | CapacityException | TemplateException e) {
      io.say(String.valueOf(e.getMessage()));
    }
    return true;
  }

  /** A slash and letters; paths and the like are text. */
  private static boolean isCommand(String turn) {
    int end = 1;
    while (end < turn.length() && Character.isLetter(turn.charAt(end))) {
      end++;
    }
    return turn.startsWith("/")
        && end > 1
        && (end == turn.length() || Character.isWhitespace(turn.charAt(end)));
  }

  private boolean command(String turn, Lines lines) throws IOException {
    int space = turn.indexOf(' ');
    String name = space < 0 ? turn : turn.substring(0, space);
    String rest = space < 0 ? "" : turn.substring(space).strip();
    switch (name) {
      case "/help" -> COMMANDS.forEach((c, help) -> io.out().println("  " + pad(c) + io.dim(help)));
      case "/system" -> system(rest);
      case "/clear" -> {
        conversation.clear();
        tell("forgotten");
      }
      case "/regenerate" -> {
        if (conversation.dropAnswer()) {
          return answer(lines);
        }
        tell("there is no question yet");
      }
      case "/save" -> save(rest);
      case "/load" -> load(rest);
      case "/stats" -> stats(rest);
      case "/exit", "/quit", "/bye" -> {
        return false;
      }
      default -> {
        String near = near(name);
        tell(
            "there is no "
                + name
                + (near == null ? "; /help lists what there is" : "; did you mean " + near + "?"));
      }
    }
    return true;
  }

  private static String pad(String command) {
    return command + " ".repeat(14 - command.length());
  }

  private static @Nullable String near(String name) {
    return COMMANDS.keySet().stream()
        .filter(c -> c.startsWith(name) || Spelling.distance(c, name) <= 2)
        .findFirst()
        .orElse(null);
  }

  /** On a terminal between the turns; a pipe's output is answers only. */
  private void tell(String sentence) {
    if (io.shown()) {
      io.out().println(io.dim(sentence));
    } else {
      io.say(sentence);
    }
  }

  private void system(String text) {
    if (text.isEmpty()) {
      String system = conversation.system();
      tell(system == null ? "there is no system message" : system);
      return;
    }
    conversation.system(text.equals("-") ? null : text);
    tell(text.equals("-") ? "the system message is dropped" : "the system message is set");
  }

  private void save(String file) throws IOException {
    conversation.save(Path.of(named(file, "/save")));
    tell(conversation.size() + " messages are in " + file);
  }

  /** Goes on with a saved conversation. */
  void load(String file) throws IOException {
    conversation.load(Path.of(named(file, "/load")));
    tell(conversation.size() + " messages come from " + file);
  }

  private static String named(String file, String command) {
    if (file.isEmpty()) {
      throw new IllegalArgumentException("which file? " + command + " FILE.json");
    }
    return file;
  }

  private void stats(String rest) {
    switch (rest) {
      case "on", "off" -> {
        statsAlways = rest.equals("on");
        tell("every answer's times: " + rest);
      }
      default -> tell(last == null ? "there is no answer yet" : last.line());
    }
  }

  private boolean ask(String question, Lines lines) {
    if (hadal.template().isPlain()) {
      ChatStream stream = Completions.stream(hadal, question, params);
      if (io.shown()) {
        io.out().print(io.dim(question));
      }
      return show(stream, lines, false);
    }
    conversation.add(Message.user(question));
    try {
      return answer(lines);
    } catch (RuntimeException e) {
      conversation.dropLast(); // a question that can't be asked must not spoil the next one
      throw e;
    }
  }

  private boolean answer(Lines lines) {
    ChatRequest request = fit();
    return show(hadal.stream(request, params), lines, true);
  }

  /** The conversation, less the oldest turns where the context has no room for them. */
  private ChatRequest fit() {
    int room = hadal.contextLength() - hadal.contextLength() / ANSWER_PART;
    Conversation kept = conversation.copy();
    int dropped = 0;
    ChatRequest request = kept.request(variables);
    while (length(request) > room && kept.dropOldest()) {
      dropped++;
      request = kept.request(variables);
    }
    if (dropped > 0) {
      tell(
          "the context of %,d tokens is full: the oldest %s left out"
                  .formatted(
                      hadal.contextLength(), dropped == 1 ? "turn is" : dropped + " turns are")
              + Completions.remedy(hadal));
    }
    return request;
  }

  private int length(ChatRequest request) {
    return hadal.encodePrompt(hadal.template().render(request)).length;
  }

  private boolean show(ChatStream stream, Lines lines, boolean keep) {
    Answer answer = new Answer(io, false);
    lines.interruptible(
        stream::close,
        () -> {
          answer.read(stream);
          answer.endLine();
        });
    stream.close();
    if (answer.readerGone()) {
      return false;
    }
    if (keep && answer.isEmpty()) {
      conversation.dropLast(); // stopped before it began: as if nothing had been asked
    } else if (keep) {
      conversation.add(answer.message());
    }
    last = Stats.of(stream.tokens());
    if (stream.finishReason().filter(FinishReason.CANCELLED::equals).isPresent()) {
      tell("(stopped)");
    } else if (Completions.isContextFull(hadal, stream)) {
      tell(Completions.contextFull(hadal));
    }
    if (statsAlways) {
      tell(last.line());
    }
    if (io.shown()) {
      io.out().println();
    }
    return true;
  }
}
