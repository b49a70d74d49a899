package dev.hadal.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The {@code hadal} command: the root that every other command hangs from. */
@Command(
    name = "hadal",
    header = "Runs DeepSeek, Qwen and Llama models on the JVM.",
    description = {
      "",
      "MODEL is a .gguf file (any part of a split one), a folder as Hugging Face ships them"
          + " (config.json, *.safetensors), a name such as hf.co/Qwen/Qwen3-0.6B-GGUF:Q8_0 that was"
          + " pulled, or @|bold tiny|@, the small storyteller that is built in.",
      ""
    },
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Main.Version.class,
    footerHeading = "%nExamples:%n",
    footer = {
      "  hadal run tiny \"Once upon a time\"",
      "  hadal chat qwen3-0.6b-q8_0.gguf",
      "  hadal COMMAND --help"
    })
public final class Main implements Runnable {
  private static final List<String> COMMANDS =
      List.of(
          "chat",
          "run",
          "info",
          "tokenize",
          "render",
          "verify",
          "quantize",
          "synth",
          "bench",
          "doctor",
          "pull",
          "list",
          "show",
          "rm",
          "serve");

  private final Io io;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of an error.")
  private boolean verbose;

  private Main(Io io) {
    this.io = io;
  }

  /** Runs the command line and exits with its code. */
  public static void main(String[] args) {
    Stderr.restore();
    Relaunch.withFlagsIfMissing(args);
    // The library logs through the JDK; a line a message, like our own.
    System.setProperty("java.util.logging.SimpleFormatter.format", "hadal: %5$s%n");
    System.exit(execute(Io.system(), args));
  }

  /** Runs one command line; the exit code is 0, 1 for a check that failed, 2 for an error. */
  static int execute(Io io, String... args) {
    if (args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"))) {
      io.out().println(Version.line()); // picocli alone takes as long to load as all of this
      io.out().flush();
      return 0;
    }
    Main main = new Main(io);
    CommandLine line = commandLine(main, io, args);
    try {
      return line.execute(args);
    } catch (Error e) { // no room, a mapped file that was cut, a build that is not whole
      return Failures.report(io, e, main.verbose);
    } finally {
      io.out().flush();
    }
  }

  private static CommandLine commandLine(Main main, Io io, String[] args) {
    CommandLine line = new CommandLine(main);
    Optional<String> named = Arrays.stream(args).filter(arg -> !arg.startsWith("-")).findFirst();
    // A command is built only when it is asked for; help shows all.
    if (named.isPresent() && COMMANDS.contains(named.get())) {
      line.addSubcommand(named.get(), command(named.get(), io));
    } else {
      COMMANDS.forEach(name -> line.addSubcommand(name, command(name, io)));
    }
    for (CommandLine command : line.getSubcommands().values()) {
      command.getCommandSpec().usageMessage().abbreviateSynopsis(true).sortOptions(false);
    }
    return line.setOut(new PrintWriter(io.out(), true, UTF_8))
        .setErr(new PrintWriter(io.err(), true, UTF_8))
        .setColorScheme(Help.defaultColorScheme(io.colored() ? Ansi.ON : Ansi.OFF))
        .setUsageHelpWidth(100)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((e, given) -> Failures.usage(io, e, main.verbose))
        .setExecutionExceptionHandler((e, l, parsed) -> Failures.report(io, e, main.verbose));
  }

  private static Object command(String name, Io io) {
    return switch (name) {
      case "chat" -> new Chat(io);
      case "run" -> new Run(io);
      case "info" -> new Info(io);
      case "tokenize" -> new Tokenize(io);
      case "render" -> new Render(io);
      case "verify" -> new Verify(io);
      case "quantize" -> new Quantize(io);
      case "synth" -> new Synth(io);
      case "bench" -> new Bench(io);
      case "doctor" -> new Doctor(io);
      case "pull" -> new Pull(io);
      case "list" -> new ListModels(io);
      case "show" -> new Show(io);
      case "rm" -> new Remove(io);
      case "serve" -> new Serve(io);
      default -> throw new IllegalArgumentException("no command is named '" + name + "'");
    };
  }

  @Override
  public void run() {
    commandLine(this, io, new String[0]).usage(io.out());
  }

  /** The version in the jar's manifest; classes run from a folder have none. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {line()};
    }

    static String line() {
      return "hadal " + number();
    }

    static String number() {
      String version = Main.class.getPackage().getImplementationVersion();
      return version == null ? "(unpackaged)" : version;
    }
  }
}
