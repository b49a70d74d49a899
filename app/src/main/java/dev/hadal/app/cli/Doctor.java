package dev.hadal.app.cli;

import dev.hadal.backend.Backend;
import dev.hadal.backend.Backends;
import dev.hadal.backend.Cores;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** Examines this machine: what computes, how fast, and what would make it faster. */
@Command(
    name = "doctor",
    header = "Examines this machine: what computes, how fast, and what would help.",
    description = {
      "%nMeasures for a few seconds, without a model: memory by a plain read loop, prefill by"
          + " products of 256 tokens with a 2048 x 2048 matrix, decode by those of one token with"
          + " a matrix that no cache holds.%n"
    },
    footerHeading = "%nExamples:%n",
    footer = {"  hadal doctor", "  hadal doctor --backend simd -t 1", "  hadal doctor --json"})
final class Doctor implements Callable<Integer> {
  private final Io io;

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      description = "Worker threads; 0 (default) for one a physical core.")
  private int threads;

  @Option(names = "--backend", paramLabel = "NAME", description = "What computes.")
  private String backend = "";

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  Doctor(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() throws IOException {
    if (threads < 0) {
      throw new IllegalArgumentException("-t is 0 or more, not " + threads);
    }
    int workers = threads == 0 ? Cores.physical() : threads;
    MachineFacts machine = MachineFacts.here();
    List<BackEndFacts> backEnds = BackEndFacts.all(backend);
    String used = backEnds.stream().filter(BackEndFacts::used).findFirst().orElseThrow().name();
    Checkup checkup;
    try (Backend opened = Backends.named(used, workers);
        Progress progress = new Progress(io, "measuring")) {
      SpeedFacts speed = SpeedFacts.measure(opened, workers, machine.lastCacheBytes(), progress);
      checkup = new Checkup(machine, JvmFacts.here(), backEnds, opened.description(), speed);
    }
    if (json) {
      printJson(checkup);
    } else {
      CheckupReport.print(checkup, new Sheet(io));
    }
    return 0;
  }

  private void printJson(Checkup checkup) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("machine", checkup.machine());
    all.put("java", checkup.java());
    all.put("back_ends", checkup.backEnds());
    all.put("speed", checkup.speed());
    all.put("advice", Advice.on(checkup));
    JsonMapper mapper =
        JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();
    io.out().println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(all));
  }
}
