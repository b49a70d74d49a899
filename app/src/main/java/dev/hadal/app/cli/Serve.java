package dev.hadal.app.cli;

import dev.hadal.HadalOptions;
import dev.hadal.app.models.PoolOptions;
import dev.hadal.app.server.ApiKeys;
import dev.hadal.app.server.Limits;
import dev.hadal.app.server.Server;
import dev.hadal.app.server.ServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Serves models over HTTP until it is told to end. */
@Command(
    name = "serve",
    header = "Serves models over HTTP.",
    description = {
      "",
      "A browser finds a chat page there. Clients made for OpenAI's API find it under /v1, those for"
          + " Anthropic's and Ollama's at the address itself. Models that were pulled are loaded when"
          + " they are asked for; a path in a request is never opened.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  hadal serve",
      "  hadal serve qwen3.gguf --port 0",
      "  hadal serve qwen=hf.co/Qwen/Qwen3-0.6B-GGUF:Q8_0 tiny --pin",
      "  hadal serve tiny --host 0.0.0.0 --api-key-file key.txt --tls-cert cert.pem --tls-key"
          + " key.pem"
    })
final class Serve implements Callable<Integer> {
  private final Io io;

  @Parameters(
      arity = "0..*",
      paramLabel = "MODEL",
      description =
          "What to serve, MODEL or NAME=MODEL; the first is loaded at once. tiny by default.")
  private List<String> models = List.of();

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "127.0.0.1",
      description = "Where to listen; this machine only by default. Elsewhere a key is needed.")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description = "Default 8080; 0 takes any that is free.")
  private int port = 8080;

  @Option(
      names = "--api-key",
      paramLabel = "KEY",
      description = "Whoever asks must show it; may be given several times.")
  private List<String> keys = new ArrayList<>();

  @Option(
      names = "--api-key-file",
      paramLabel = "FILE",
      description = "A file of keys, one a line: unlike --api-key no list of processes shows them.")
  private @Nullable Path keyFile;

  @Option(
      names = "--cors",
      paramLabel = "ORIGIN",
      description = "Let web pages from there ask, such as https://app.example; * for all.")
  private List<String> origins = List.of();

  @Option(names = "--tls-cert", paramLabel = "FILE", description = "Certificate chain, PEM.")
  private @Nullable Path certificate;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "Its private key, PEM (PKCS#8).")
  private @Nullable Path certificateKey;

  @Option(
      names = "--keep-alive",
      paramLabel = "MINUTES",
      defaultValue = "15",
      description = "How long an unused model stays loaded; default 15.")
  private int keepAlive = 15;

  @Option(names = "--pin", description = "Load all named models now, and keep them.")
  private boolean pin;

  @Option(
      names = "--memory",
      paramLabel = "GB",
      defaultValue = "0",
      description = "Most memory of all models; four fifths of this machine's by default.")
  private int memory;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "3600",
      description = "Longest time for an answer, the wait included; default 3600, 0 for any.")
  private int timeout = 3600;

  @Option(
      names = "--grace",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "How long running answers may take when the server is told to end; default 30.")
  private int grace = 30;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where the page's conversations are kept; the person's own folder by default.")
  private @Nullable Path data;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      defaultValue = "16",
      description = "Answers that a model computes at a time; default 16. More wait.")
  private int parallel = 16;

  @Option(
      names = "--queue",
      paramLabel = "N",
      defaultValue = "256",
      description = "Requests that may wait; default 256. More are refused (429).")
  private int queue = 256;

  @Mixin private ModelOptions opening = new ModelOptions();

  Serve(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path folder = data == null ? Places.data() : data;
    new Serving(options(), poolOptions(), folder, pin).run(models, this::greet);
    return 0;
  }

  private void greet(Server server, List<String> names) {
    io.out()
        .println(
            "Serving %s at %s"
                .formatted(String.join(", ", names), io.bold(server.address().toString())));
    io.out().println(io.dim("The page: open %s in a browser.".formatted(server.address())));
    io.out()
        .println(
            io.dim(
                "OpenAI clients: base URL %s/v1, model %s%s. Ctrl-C ends it."
                    .formatted(
                        server.address(),
                        names.getFirst(),
                        keys.isEmpty() ? ", any key" : ", your key")));
    io.out().flush();
  }

  private PoolOptions poolOptions() throws IOException {
    HadalOptions each =
        opening
            .options()
            .withMaxSequences(Math.max(1, positive("--parallel", parallel)))
            .withMaxQueue(positive("--queue", queue));
    PoolOptions pool =
        PoolOptions.of(each).withKeepAlive(Duration.ofMinutes(positive("--keep-alive", keepAlive)));
    return positive("--memory", memory) == 0 ? pool : pool.withBudgetBytes((long) memory << 30);
  }

  private ServerOptions options() throws IOException {
    if (keyFile != null) {
      Files.readAllLines(keyFile).stream()
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .forEach(keys::add);
    }
    return new ServerOptions(
        host,
        port,
        ApiKeys.of(keys),
        origins,
        tls(),
        Limits.defaults().withAnswerTime(Duration.ofSeconds(positive("--timeout", timeout))),
        Duration.ofSeconds(positive("--grace", grace)));
  }

  private Optional<ServerOptions.Tls> tls() {
    if (certificate == null && certificateKey == null) {
      return Optional.empty();
    }
    if (certificate == null || certificateKey == null) {
      throw new IllegalArgumentException(
          "--tls-cert and --tls-key belong together; one is missing");
    }
    return Optional.of(new ServerOptions.Tls(certificate, certificateKey));
  }

  private static int positive(String name, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " is " + value + "; expected 0 or more");
    }
    return value;
  }
}
