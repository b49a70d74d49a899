package dev.hadal.app.cli;

import dev.hadal.backend.Backend;
import dev.hadal.backend.Backends;
import dev.hadal.backend.Cores;
import dev.hadal.backend.MemoryBandwidth;
import dev.hadal.engine.Throughput;
import dev.hadal.format.Checkpoint;
import dev.hadal.model.Architectures;
import dev.hadal.model.Model;
import dev.hadal.model.Traffic;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.function.DoubleSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** Measures a model on this machine, in the form that users of llama-bench know. */
@Command(
    name = "bench",
    header = "Measures prefill and decode of a model on this machine.",
    description = {
      "%nEvery test runs once to warm up, then --repetitions times; tokens a second are given as"
          + " mean and standard deviation. GB/s is what a decoding step must read, over its time;"
          + " its share is of what this machine's memory gives a plain read loop, measured after.%n"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  hadal bench model.gguf",
      "  hadal bench model.gguf -p 0 -n 64 -d 4096",
      "  hadal synth llama-3.2-1b llama.gguf && hadal bench llama.gguf --json"
    })
final class Bench implements Callable<Integer> {
  private final Io io;

  @Parameters(index = "0", paramLabel = "MODEL", description = "The model.")
  private String name = "";

  @Option(
      names = {"-p", "--prompt"},
      paramLabel = "N",
      description = "Tokens of prefill; ${DEFAULT-VALUE} by default, 0 for none.")
  private int prompt = 512;

  @Option(
      names = {"-n", "--generate"},
      paramLabel = "N",
      description = "Tokens of decode; ${DEFAULT-VALUE} by default, 0 for none.")
  private int generate = 128;

  @Option(
      names = {"-d", "--depth"},
      paramLabel = "N",
      description = "Tokens of context before either; ${DEFAULT-VALUE} by default.")
  private int depth;

  @Option(
      names = {"-b", "--streams"},
      paramLabel = "N",
      description = "Texts decoded together; ${DEFAULT-VALUE} by default.")
  private int streams = 1;

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      description = "Worker threads; 0 (default) for one a physical core.")
  private int threads;

  @Option(
      names = {"-r", "--repetitions"},
      paramLabel = "N",
      description = "Measurements of each; ${DEFAULT-VALUE} by default.")
  private int repetitions = 5;

  @Option(names = "--backend", paramLabel = "NAME", description = "What computes.")
  private String backend = "";

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  Bench(Io io) {
    this.io = io;
  }

  /** One test's measurements, in tokens a second. */
  private record Test(String name, List<Double> rates, double bytesPerSecond) {
    double mean() {
      return rates.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }

    double deviation() {
      double mean = mean();
      double squares = rates.stream().mapToDouble(r -> (r - mean) * (r - mean)).sum();
      return rates.size() < 2 ? 0 : Math.sqrt(squares / (rates.size() - 1));
    }
  }

  @Override
  public Integer call() throws IOException {
    if (prompt < 0 || generate < 0 || depth < 0 || streams < 1 || repetitions < 1 || threads < 0) {
      throw new IllegalArgumentException("-p, -n, -d and -t are 0 or more, -b and -r at least 1");
    }
    int workers = threads == 0 ? Cores.physical() : threads;
    Path file = Models.resolve(name);
    try (Checkpoint checkpoint = Checkpoint.open(file);
        Backend machine =
            backend.isEmpty() ? Backends.best(workers) : Backends.named(backend, workers)) {
      List<Test> tests = measure(checkpoint, machine);
      OptionalLong peak = Resident.peakBytes();
      Run run =
          new Run(
              String.valueOf(file.getFileName()),
              checkpoint.totalBytes(),
              Architectures.count(checkpoint.config()).total(),
              machine.name(),
              workers,
              peak.isPresent()
                  ? OptionalLong.of(Math.max(0, peak.getAsLong() - checkpoint.totalBytes()))
                  : peak,
              MemoryBandwidth.bytesPerSecond(workers), // last: it takes memory itself
              tests);
      if (json) {
        io.out()
            .println(
                JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(json(run)));
      } else {
        print(run);
      }
    }
    return 0;
  }

  private List<Test> measure(Checkpoint checkpoint, Backend machine) {
    Model model = Architectures.load(checkpoint);
    int vocabulary = checkpoint.config().vocabSize();
    int context = depth + Math.max(prompt, generate);
    List<Test> tests = new ArrayList<>();
    try (Throughput throughput =
            new Throughput(model, machine, vocabulary, Math.max(1, context), streams);
        Progress progress = new Progress(io, "measuring")) {
      throughput.fill(depth);
      int total = (repetitions + 1) * ((prompt > 0 ? 1 : 0) + (generate > 0 ? 1 : 0));
      if (prompt > 0) {
        List<Double> rates =
            rates(progress, 0, total, prompt, () -> throughput.prefillSeconds(depth, prompt));
        tests.add(new Test(label("pp" + prompt), rates, 0));
      }
      if (generate > 0) {
        List<Double> rates =
            rates(
                progress,
                prompt > 0 ? repetitions + 1 : 0,
                total,
                (double) streams * generate,
                () -> throughput.decodeSeconds(depth, generate));
        Test test = new Test(label("tg" + generate), rates, 0);
        double bytes = Traffic.bytesPerStep(checkpoint, streams, depth + generate / 2);
        tests.add(new Test(test.name, rates, bytes * test.mean() / streams));
      }
    }
    return tests;
  }

  private String label(String test) {
    return test
        + (streams > 1 && test.startsWith("tg") ? " x" + streams : "")
        + (depth > 0 ? " @ d" + depth : "");
  }

  /** Tokens a second, the first measurement dropped. */
  private List<Double> rates(
      Progress progress, int done, int total, double tokens, DoubleSupplier seconds) {
    List<Double> rates = new ArrayList<>();
    for (int i = 0; i <= repetitions; i++) {
      double rate = tokens / seconds.getAsDouble();
      if (i > 0) {
        rates.add(rate);
      }
      progress.update(done + i + 1, total);
    }
    return rates;
  }

  /** What is printed. */
  private record Run(
      String model,
      long sizeBytes,
      long parameters,
      String backend,
      int threads,
      OptionalLong beyondWeightsBytes,
      double memoryBytesPerSecond,
      List<Test> tests) {}

  private Map<String, Object> json(Run run) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("model", run.model);
    json.put("size_bytes", run.sizeBytes);
    json.put("parameters", run.parameters);
    json.put("backend", run.backend);
    json.put("threads", run.threads);
    json.put("depth", depth);
    json.put("streams", streams);
    json.put("memory_bytes_per_second", run.memoryBytesPerSecond);
    run.beyondWeightsBytes.ifPresent(bytes -> json.put("beyond_weights_bytes", bytes));
    List<Map<String, Object>> results = new ArrayList<>();
    for (Test test : run.tests) {
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("test", test.name);
      result.put("tokens_per_second", test.mean());
      result.put("deviation", test.deviation());
      result.put("measurements", test.rates);
      if (test.bytesPerSecond > 0) {
        result.put("bytes_per_second", test.bytesPerSecond);
        result.put("memory_share", test.bytesPerSecond / run.memoryBytesPerSecond);
      }
      results.add(result);
    }
    json.put("tests", results);
    return json;
  }

  private void print(Run run) {
    io.out()
        .printf(
            Locale.ROOT,
            "%s, %s, %s parameters, %s, %d threads%n%n",
            run.model,
            Sizes.bytes(run.sizeBytes),
            Sizes.count(run.parameters),
            run.backend,
            run.threads);
    io.out().println("| test             |             t/s |   GB/s | of memory |");
    io.out().println("| ---------------- | --------------: | -----: | --------: |");
    for (Test test : run.tests) {
      boolean reads = test.bytesPerSecond > 0;
      double share = test.bytesPerSecond / run.memoryBytesPerSecond;
      io.out()
          .printf(
              Locale.ROOT,
              "| %-16s | %15s | %6s | %9s |%n",
              test.name,
              String.format(Locale.ROOT, "%.2f ± %.2f", test.mean(), test.deviation()),
              reads ? String.format(Locale.ROOT, "%.1f", test.bytesPerSecond / 1e9) : "",
              reads ? Math.round(100 * share) + " %" : "");
    }
    io.out().printf(Locale.ROOT, "%nmemory reads %.1f GB/s", run.memoryBytesPerSecond / 1e9);
    run.beyondWeightsBytes.ifPresent(
        bytes -> io.out().print("; at most " + Sizes.bytes(bytes) + " held beyond the weights"));
    io.out().println();
  }
}
