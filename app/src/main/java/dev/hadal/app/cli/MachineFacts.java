package dev.hadal.app.cli;

import com.sun.management.OperatingSystemMXBean;
import dev.hadal.backend.BackendProvider;
import dev.hadal.backend.Backends;
import dev.hadal.backend.Cores;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The machine as this process sees it.
 *
 * @param features what back ends found to compute with: instruction sets, vector widths
 * @param cores physical ones of the machine
 * @param processors hardware threads of the machine
 * @param affinity hardware threads that this process may be scheduled on
 * @param usable hardware threads that the JVM counts on: the affinity, less a container's quota
 * @param lastCacheBytes of the largest cache; 0 where the system does not tell
 * @param availableBytes of memory that nobody needs now; 0 where the system does not tell
 * @param limitBytes what a container may use at most; the machine's memory where there is no limit
 */
record MachineFacts(
    String processor,
    List<String> features,
    int cores,
    int processors,
    int affinity,
    int usable,
    long lastCacheBytes,
    long memoryBytes,
    long availableBytes,
    long limitBytes) {
  private static final Pattern SIZE = Pattern.compile("(\\d+)([KM]?)");

  static MachineFacts here() throws IOException {
    List<String> cpu = lines("/proc/cpuinfo");
    List<String> memory = lines("/proc/meminfo");
    int usable = Runtime.getRuntime().availableProcessors();
    int processors = (int) cpu.stream().filter(line -> line.startsWith("processor")).count();
    long limit =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    return new MachineFacts(
        name(cpu),
        Backends.all().stream()
            .map(BackendProvider::features)
            .flatMap(List::stream)
            .distinct()
            .toList(),
        Cores.installed(),
        Math.max(processors, usable),
        Math.max(usable, countList(value(lines("/proc/self/status"), "Cpus_allowed_list"))),
        usable,
        lastCache(),
        Math.max(limit, kib(memory, "MemTotal")),
        kib(memory, "MemAvailable"),
        limit);
  }

  private static String name(List<String> cpu) {
    String name = value(cpu, "model name");
    if (name.isEmpty()) {
      name = System.getenv().getOrDefault("PROCESSOR_IDENTIFIER", System.getProperty("os.arch"));
    }
    return name.replaceAll("\\((R|TM)\\)", "").replaceAll("\\s+", " ");
  }

  /** The value after the first {@code key:}; empty if there is none. */
  private static String value(List<String> lines, String key) {
    return lines.stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("");
  }

  private static long kib(List<String> lines, String key) {
    String digits = value(lines, key).replaceAll("\\D", "");
    return digits.isEmpty() ? 0 : Long.parseLong(digits) << 10;
  }

  /** How many numbers a list such as {@code 0-3,8} names. */
  static int countList(String list) {
    return Stream.of(list.split(",", -1))
        .map(range -> range.split("-", -1))
        .filter(range -> !range[0].isEmpty())
        .mapToInt(
            range -> Integer.parseInt(range[range.length - 1]) - Integer.parseInt(range[0]) + 1)
        .sum();
  }

  private static long lastCache() throws IOException {
    Path caches = Path.of("/sys/devices/system/cpu/cpu0/cache");
    if (!Files.isDirectory(caches)) {
      return 0;
    }
    long last = 0;
    try (Stream<Path> entries = Files.list(caches)) {
      for (Path size :
          entries.map(entry -> entry.resolve("size")).filter(Files::isReadable).toList()) {
        Matcher matcher = SIZE.matcher(Files.readString(size).strip().toUpperCase(Locale.ROOT));
        if (matcher.matches()) {
          int shift = matcher.group(2).equals("K") ? 10 : matcher.group(2).equals("M") ? 20 : 0;
          last = Math.max(last, Long.parseLong(matcher.group(1)) << shift);
        }
      }
    }
    return last;
  }

  private static List<String> lines(String file) throws IOException {
    Path path = Path.of(file);
    return Files.isReadable(path) ? Files.readAllLines(path) : List.of();
  }
}
