package dev.hadal.backend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How many workers this machine feeds: two hardware threads of one core share its arithmetic and
 * gain nothing here.
 */
public final class Cores {
  private Cores() {}

  /** Physical cores, as far as the system tells and the process may use them; at least 1. */
  public static int physical() {
    return Math.min(Runtime.getRuntime().availableProcessors(), installed());
  }

  /**
   * Physical cores of the machine, whether or not the process may use them; where the system does
   * not tell, the processors that it may use.
   */
  public static int installed() {
    int usable = Runtime.getRuntime().availableProcessors();
    Path cpus = Path.of("/sys/devices/system/cpu");
    if (!Files.isDirectory(cpus)) {
      return Math.max(1, usable);
    }
    Set<String> cores = new HashSet<>();
    try (Stream<Path> entries = Files.list(cpus)) {
      for (Path cpu : entries.filter(p -> p.getFileName().toString().matches("cpu\\d+")).toList()) {
        Path siblings = cpu.resolve("topology/thread_siblings_list");
        if (Files.isReadable(siblings)) {
          cores.add(Files.readString(siblings).strip());
        }
      }
    } catch (IOException e) {
      return Math.max(1, usable);
    }
    return Math.max(1, cores.isEmpty() ? usable : cores.size());
  }
}
