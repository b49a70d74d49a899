package dev.hadal.bench.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What this process has in memory, by the kernel's list of its mappings. */
final class Mappings {
  private static final Path LIST = Path.of("/proc/self/smaps");
  private static final Pattern RESIDENT = Pattern.compile("Rss: +(\\d+) kB");
  private static final Pattern HEAD = Pattern.compile("[0-9a-f]+-[0-9a-f]+ .*");

  private Mappings() {}

  /** Bytes that are not mapped from {@code file}; 0 where the system does not tell. */
  static long bytesBeside(Path file) {
    if (!Files.isReadable(LIST)) {
      return 0;
    }
    try {
      String path = file.toRealPath().toString();
      long bytes = 0;
      boolean beside = true;
      for (String line : Files.readAllLines(LIST)) {
        Matcher resident = RESIDENT.matcher(line);
        if (HEAD.matcher(line).matches()) {
          beside = !line.endsWith(path);
        } else if (beside && resident.matches()) {
          bytes += Long.parseLong(resident.group(1)) << 10;
        }
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
