package dev.hadal.bench.compare;

import dev.hadal.backend.MemoryBandwidth;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** What was measured, for people and for later. */
final class Report {
  private static final DateTimeFormatter FILE_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmm", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Report() {}

  /** A Markdown table. */
  static String table(List<Measurement> measurements) {
    return """
    | model | type | test | Hadal t/s | llama.cpp t/s | ratio | memory beyond the weights, MiB |
    |---|---|---|---:|---:|---:|---:|
    """
        + lines(measurements);
  }

  static String lines(List<Measurement> measurements) {
    return measurements.stream()
        .map(m ->
            String.format(
                Locale.ROOT,
                "| %s | %s | %s | %.1f | %.1f | **%.2f** | %d / %d |",
                m.model(),
                m.type(),
                m.test(),
                Measurement.median(m.hadal()),
                Measurement.median(m.llama()),
                m.ratio(),
                m.beyondWeights() >> 20,
                m.llamaBeyondWeights() >> 20))
        .collect(Collectors.joining("\n"));
  }

  /** Writes {@code bench/results/TIME-COMMIT.json}. */
  static Path write(
      Path project, Options options, List<Measurement> measurements, List<FirstToken> firsts) {
    String commit = output(project, "git", "rev-parse", "--short", "HEAD");
    Instant now = Instant.now();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("time", now.toString());
    json.put("commit", commit);
    json.put("modified", !output(project, "git", "status", "--porcelain", "-uno").isEmpty());
    json.put("machine", machine(options.threads()));
    json.put("threads", options.threads());
    json.put("llama_cpp", peer(project));
    json.put("results", measurements.stream().map(Measurement::json).toList());
    json.put("first_tokens", firsts.stream().map(FirstToken::json).toList());
    Path file = project.resolve("bench/results/" + FILE_TIME.format(now) + "-" + commit + ".json");
    try {
      Files.createDirectories(project.resolve("bench/results"));
      Files.writeString(
          file,
          JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  private static Map<String, Object> machine(int threads) {
    Map<String, Object> machine = new LinkedHashMap<>();
    machine.put("cpu", cpu());
    machine.put("processors", Runtime.getRuntime().availableProcessors());
    machine.put("memory_bytes_per_second", MemoryBandwidth.bytesPerSecond(threads));
    machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    machine.put("jdk", Runtime.version().toString());
    return machine;
  }

  private static String cpu() {
    try {
      Path info = Path.of("/proc/cpuinfo");
      return Files.isReadable(info)
          ? Files.readAllLines(info).stream()
              .filter(line -> line.startsWith("model name"))
              .map(line -> line.substring(line.indexOf(':') + 1).strip())
              .findFirst()
              .orElse(System.getProperty("os.arch"))
          : System.getProperty("os.arch");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String peer(Path project) {
    Path json = project.resolve("bench/peers/package.json");
    return JsonMapper.shared().readTree(json).required("dependencies").toString();
  }

  private static String output(Path folder, String... command) {
    try {
      Process process = new ProcessBuilder(command).directory(folder.toFile()).start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return text.strip();
    } catch (IOException e) {
      return "unknown";
    }
  }
}
