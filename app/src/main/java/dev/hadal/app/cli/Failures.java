package dev.hadal.app.cli;

import dev.hadal.chat.jinja.TemplateException;
import dev.hadal.engine.CapacityException;
import dev.hadal.format.FormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import tools.jackson.core.JacksonException;

/** Says what went wrong in one sentence, with the remedy; traces are for {@code --verbose}. */
final class Failures {
  /** The exit code of every error. */
  static final int ERROR = 2;

  private Failures() {}

  /** An error of a running command. */
  static int report(Io io, Throwable failure, boolean verbose) {
    io.say(sentence(failure));
    trace(io, failure, verbose);
    return ERROR;
  }

  /** An error of the command line itself. */
  static int usage(Io io, ParameterException e, boolean verbose) {
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    String sentence = usageSentence(e);
    io.say(
        sentence
            + (sentence.endsWith("?") ? "" : "; '" + command + " --help' shows what there is"));
    trace(io, e, verbose);
    return ERROR;
  }

  private static String usageSentence(ParameterException e) {
    if (!(e instanceof UnmatchedArgumentException unmatched)) {
      return lowerFirst(message(e));
    }
    String found = unmatched.getUnmatched().getFirst();
    List<String> near = unmatched.getSuggestions();
    boolean root = e.getCommandLine().getParent() == null;
    String what = found.startsWith("-") ? "option" : root ? "command" : "argument";
    String hint =
        near.isEmpty() || what.equals("argument") ? "" : "; did you mean " + near.getFirst() + "?";
    return "unknown " + what + " '" + found + "'" + hint;
  }

  private static String sentence(Throwable failure) {
    return switch (failure) {
      case FormatException e -> message(e);
      case CapacityException e -> message(e);
      case IllegalArgumentException e -> message(e);
      case TemplateException e ->
          e.isRaised() ? "the chat template refuses this: " + message(e) : message(e);
      case UncheckedIOException e -> e.getCause() == null ? message(e) : sentence(e.getCause());
      case NoSuchFileException e -> e.getFile() + ": there is no such file";
      case AccessDeniedException e -> e.getFile() + ": no permission; who owns it?";
      case FileAlreadyExistsException e -> e.getFile() + " is there already";
      case IOException e -> message(e);
      case JacksonException e -> "this is no JSON: " + e.getOriginalMessage();
      case IllegalStateException e -> message(e);
      case OutOfMemoryError e ->
          "out of memory ("
              + e.getMessage()
              + "); a smaller --context or a more quantised model needs less";
      case InternalError e ->
          "a mapped file could not be read (" + e.getMessage() + "); was it cut while in use?";
      default ->
          "this should not have happened: "
              + failure
              + "; with --verbose it prints where, which helps whoever mends it";
    };
  }

  private static String message(Throwable e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  private static String lowerFirst(String sentence) {
    return sentence.isEmpty()
        ? sentence
        : Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1);
  }

  private static void trace(Io io, Throwable failure, boolean verbose) {
    if (verbose) {
      failure.printStackTrace(io.err());
    }
  }
}
