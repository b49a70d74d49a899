package dev.hadal.app.server.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the machine computes with, as its system calls it. */
final class Processor {
  static final String NAME = name();

  private Processor() {}

  private static String name() {
    Path facts = Path.of("/proc/cpuinfo");
    try {
      if (Files.isReadable(facts)) {
        for (String line : Files.readAllLines(facts)) {
          if (line.startsWith("model name")) {
            return line.substring(line.indexOf(':') + 1).strip();
          }
        }
      }
    } catch (IOException e) {
      // Then what every Java knows.
    }
    return System.getenv().getOrDefault("PROCESSOR_IDENTIFIER", System.getProperty("os.arch", ""));
  }
}
