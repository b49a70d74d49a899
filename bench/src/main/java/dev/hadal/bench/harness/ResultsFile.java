package dev.hadal.bench.harness;

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
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Numbers for later, with the machine and the commit they are of. */
public final class ResultsFile {
  private static final DateTimeFormatter FILE_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmm", Locale.ROOT).withZone(ZoneOffset.UTC);

  private ResultsFile() {}

  /**
   * Writes {@code bench/results/TIME-COMMIT.json}.
   *
   * @param project the folder that has {@code bench}
   * @param threads that were measured with
   * @param measured what is said beside machine and commit
   */
  public static Path write(Path project, int threads, Map<String, ?> measured) {
    String commit = output(project, "git", "rev-parse", "--short", "HEAD");
    Instant now = Instant.now();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("time", now.toString());
    json.put("commit", commit);
    json.put("modified", !output(project, "git", "status", "--porcelain", "-uno").isEmpty());
    json.put("machine", machine(threads));
    json.put("threads", threads);
    json.putAll(measured);
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
