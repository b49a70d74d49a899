package dev.hadal.app.cli;

import dev.hadal.Hadal;
import dev.hadal.app.models.PoolOptions;
import dev.hadal.app.server.Server;
import dev.hadal.app.server.ServerOptions;
import dev.hadal.model.Architectures;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
      "  hadal chat qwen3.gguf --web",
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

  @Option(names = "--web", description = "Talk in the browser instead; Ctrl-C ends it.")
  private boolean web;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Where --web listens; any that is free by default.")
  private int port;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where --web keeps conversations; the person's own folder by default.")
  private @Nullable Path data;

  @Mixin private PromptOptions prompting = new PromptOptions();
  @Mixin private SamplingOptions sampling = new SamplingOptions();
  @Mixin private ModelOptions opening = new ModelOptions();

  Chat(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (web) {
      Path folder = data == null ? Places.data() : data;
      PoolOptions pooling = PoolOptions.of(opening.options().withMaxSequences(4));
      new Serving(ServerOptions.local(port), pooling, folder, false)
          .run(List.of(model), (server, names) -> show(server));
      return 0;
    }
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

  private void show(Server server) {
    URI address = server.address();
    boolean shown = Browser.show(address);
    io.out()
        .println(
            (shown ? "In the browser: " : "Open in a browser: ") + io.bold(address.toString()));
    tell("Ctrl-C ends it.");
    io.out().flush();
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
