package dev.hadal.app.cli;

import dev.hadal.Hadal;
import dev.hadal.model.Architectures;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A conversation in the terminal. */
@Command(
    name = "chat",
    header = "Talks with a model.",
    description = {
      "%nIn the chat, /help lists what else there is. A line that ends in \\ goes on; so does"
          + " everything between two lines of \"\"\". Ctrl-C stops an answer, and leaves at the"
          + " prompt; so does Ctrl-D.%n"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  hadal chat",
      "  hadal chat qwen3.gguf --system \"You answer in one sentence.\"",
      "  hadal chat qwen3.gguf --load monday.json --stats"
    })
final class Chat implements Callable<Integer> {
  private final Io io;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "MODEL",
      defaultValue = Tiny.NAME,
      description = "The model; tiny by default.")
  private String model = Tiny.NAME;

  @Option(
      names = "--load",
      paramLabel = "FILE",
      defaultValue = "",
      description = "Go on with a conversation that /save wrote.")
  private String saved = "";

  @Option(names = "--stats", description = "Say after every answer how long it took.")
  private boolean stats;

  @Mixin private PromptOptions prompting = new PromptOptions();
  @Mixin private SamplingOptions sampling = new SamplingOptions();
  @Mixin private ModelOptions opening = new ModelOptions();

  Chat(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() throws IOException {
    try (Hadal hadal = Hadal.load(Models.resolve(model), opening.options());
        Lines lines = lines()) {
      ChatSession session =
          new ChatSession(
              io, hadal, new Conversation(prompting.system()), sampling.over(hadal.sampling()));
      session.variables(prompting.variables());
      session.stats(stats);
      if (!saved.isEmpty()) {
        session.load(saved);
      }
      if (io.shown()) {
        banner(hadal);
      }
      session.talk(lines);
    }
    return 0;
  }

  private Lines lines() throws IOException {
    boolean capable = io.typed() && io.shown() && !"dumb".equals(System.getenv("TERM"));
    return capable ? new EditedLines(io, ChatSession.COMMANDS) : Lines.plain(io);
  }

  private void banner(Hadal hadal) {
    String name =
        hadal.checkpoint().metadata().get("general.name") instanceof String known ? known : model;
    io.out().println(io.bold(name));
    tell(
        "%s, %s parameters, context of %,d tokens"
            .formatted(
                hadal.config().modelType(),
                Sizes.count(Architectures.count(hadal.config()).total()),
                hadal.contextLength()));
    tell(hadal.backend().description());
    if (hadal.template().isPlain()) {
      tell("It has no chat template: it goes on with what you write, each time anew.");
    }
    tell("/help lists commands; Ctrl-C stops an answer, Ctrl-D leaves.");
    io.out().println();
  }

  private void tell(String line) {
    io.out().println(io.dim(line));
  }
}
