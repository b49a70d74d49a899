package dev.hadal.backend.jit;

import static dev.hadal.backend.jit.Gpr.R9;
import static dev.hadal.backend.jit.Gpr.RDI;
import static dev.hadal.backend.jit.Gpr.RSI;
import static dev.hadal.backend.jit.Mem.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Code that runs; only where the system lets it. */
final class ExecutableMemoryTest {
  @BeforeEach
  void onlyWhereCodeCanRun() {
    assumeTrue(ExecutableMemory.unavailable().isEmpty(), "machine code can run here");
  }

  @Test
  void codeReadsItsArguments() {
    try (ExecutableMemory memory = new ExecutableMemory();
        Arena arena = Arena.ofConfined()) {
      Routine sum =
          Routine.of(
              memory,
              a -> {
                a.add(RSI, R9);
                a.mov(at(RDI), RSI);
                a.ret();
              });
      MemorySegment out = arena.allocate(8, 8);
      sum.call(out.address(), 40, 0, 0, 0, 2);
      assertThat(out.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(42);
    }
  }

  @Test
  void pagesAreNeverWritableAndExecutable() throws IOException {
    try (ExecutableMemory memory = new ExecutableMemory()) {
      long address = memory.place(new byte[] {(byte) 0xc3}).address();
      assertThat(Files.readAllLines(Path.of("/proc/self/maps")))
          .anyMatch(line -> contains(line, address) && line.contains(" r-xp "));
    }
  }

  @Test
  void closingGivesThePagesBack() throws IOException {
    ExecutableMemory memory = new ExecutableMemory();
    long address = memory.place(new byte[] {(byte) 0xc3}).address();
    memory.close();
    assertThat(Files.readAllLines(Path.of("/proc/self/maps")))
        .noneMatch(line -> contains(line, address));
  }

  @Test
  void theProcessorTellsWhatTheSystemSeesToo() throws IOException {
    try (ExecutableMemory memory = new ExecutableMemory()) {
      String flags =
          Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
              .filter(line -> line.startsWith("flags"))
              .findFirst()
              .orElse("")
              .toLowerCase(Locale.ROOT);
      CpuFeatures features = CpuFeatures.detect(memory);
      assertThat(features.avx2()).isEqualTo(flags.contains(" avx2"));
      assertThat(features.avxVnni()).isEqualTo(flags.contains(" avx_vnni"));
      assertThat(features.avx512Vnni()).isEqualTo(flags.contains(" avx512_vnni"));
      assertThat(features.avx512Bf16()).isEqualTo(flags.contains(" avx512_bf16"));
    }
  }

  private static boolean contains(String line, long address) {
    String[] range = line.split(" ")[0].split("-");
    return Long.parseUnsignedLong(range[0], 16) <= address
        && address < Long.parseUnsignedLong(range[1], 16);
  }
}
