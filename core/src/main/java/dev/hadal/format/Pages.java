package dev.hadal.format;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Brings a mapped model's pages into the process beside its start, in the order of the file: else
 * the first token pays for each of them, a fault at a time, or waits for the disk at random places.
 */
public final class Pages {
  private static final int PAGE_BYTES = 4096;
  private static final Path MEMORY = Path.of("/proc/meminfo");
  private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+(\\d+) kB");

  private Pages() {}

  /**
   * Starts a thread that touches every page once and ends, or ends sooner when the checkpoint is
   * closed. A model that does not fit the memory at hand is left alone, as is one where the system
   * does not tell what is at hand: reading it would push out what was read before.
   */
  public static void fetchBeside(Checkpoint checkpoint) {
    OptionalLong available = availableBytes();
    if (checkpoint.isMapped()
        && available.isPresent()
        && checkpoint.totalBytes() < available.getAsLong()) {
      Thread.ofPlatform().daemon().name("hadal-pages").start(() -> touch(checkpoint));
    }
  }

  private static void touch(Checkpoint checkpoint) {
    try {
      for (String name : checkpoint.names()) {
        touch(checkpoint.tensor(name).data());
      }
    } catch (IllegalStateException | InternalError e) {
      // Closed or cut meanwhile: whoever uses the model is told, with what to do about it.
    }
  }

  private static void touch(MemorySegment memory) {
    for (long at = 0; at < memory.byteSize(); at += PAGE_BYTES) {
      touched = memory.get(ValueLayout.JAVA_BYTE, at);
    }
  }

  private static OptionalLong availableBytes() {
    try {
      Matcher matcher = AVAILABLE.matcher(Files.readString(MEMORY));
      return matcher.find()
          ? OptionalLong.of(Long.parseLong(matcher.group(1)) << 10)
          : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  @SuppressWarnings({"unused", "UnusedVariable"}) // keeps the reads from being optimised away
  private static byte touched;
}
