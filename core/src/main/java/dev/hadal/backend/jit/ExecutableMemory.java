package dev.hadal.backend.jit;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Pages that hold machine code: written while they are writable, then made executable and never
 * writable again. Freed by {@link #close}; no code of it may run by then.
 *
 * <p>Only Linux on x86-64: the calling convention of the code is System V's. Thread-safe.
 */
final class ExecutableMemory implements AutoCloseable {
  private static final int PROT_READ = 1;
  private static final int PROT_WRITE = 2;
  private static final int PROT_EXEC = 4;
  private static final int MAP_PRIVATE = 2;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final long MAP_FAILED = -1;

  private record Mapping(MemorySegment address, long bytes) {}

  private final List<Mapping> mappings = new ArrayList<>();

  /** Why this system gives none, as one sentence with the remedy; empty when it does. */
  static Optional<String> unavailable() {
    String system = System.getProperty("os.name", "");
    String machine = System.getProperty("os.arch", "");
    if (!system.equals("Linux") || !machine.equals("amd64")) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "machine code is made for Linux on x86-64 only, this is %s on %s",
              system,
              machine));
    }
    if (!ExecutableMemory.class.getModule().isNativeAccessEnabled()) {
      return Optional.of(
          "machine code needs native access; start java with --enable-native-access=ALL-UNNAMED");
    }
    try (ExecutableMemory memory = new ExecutableMemory()) {
      memory.place(new byte[] {(byte) 0xc3});
      return Optional.empty();
    } catch (IllegalStateException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Puts code into pages of its own and makes them executable.
   *
   * @return its address
   * @throws IllegalStateException if the system refuses
   */
  synchronized MemorySegment place(byte[] code) {
    MemorySegment pages =
        LibC.map(code.length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS);
    if (pages.address() == MAP_FAILED) {
      throw new IllegalStateException(
          "the system gave no memory for machine code (mmap of " + code.length + " bytes failed)");
    }
    mappings.add(new Mapping(pages, code.length));
    MemorySegment.copy(
        code, 0, LibC.sized(pages, code.length), ValueLayout.JAVA_BYTE, 0, code.length);
    if (LibC.protect(pages, code.length, PROT_READ | PROT_EXEC) != 0) {
      throw new IllegalStateException(
          "the system forbids making memory executable (mprotect failed; SELinux's execmem or a"
              + " hardened kernel); allow it for java, or choose the back end 'simd'");
    }
    return pages;
  }

  @Override
  public synchronized void close() {
    mappings.forEach(mapping -> LibC.unmap(mapping.address, mapping.bytes));
    mappings.clear();
  }

  /** Three functions of the C library; loaded only where they are. */
  private static final class LibC {
    private static final MethodHandle MMAP =
        function(
            "mmap",
            FunctionDescriptor.of(
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG));
    private static final MethodHandle MPROTECT =
        function(
            "mprotect",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT));
    private static final MethodHandle MUNMAP =
        function(
            "munmap",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));

    private LibC() {}

    @SuppressWarnings("restricted") // signatures are the C library's own
    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
      Linker linker = Linker.nativeLinker();
      SymbolLookup lookup = linker.defaultLookup();
      return linker.downcallHandle(lookup.findOrThrow(name), descriptor);
    }

    @SuppressWarnings("restricted") // exactly the pages that were just mapped
    static MemorySegment sized(MemorySegment pages, long bytes) {
      return pages.reinterpret(bytes);
    }

    static MemorySegment map(long bytes, int protection, int flags) {
      try {
        return (MemorySegment) MMAP.invokeExact(0L, bytes, protection, flags, -1, 0L);
      } catch (Throwable e) {
        throw unexpected(e);
      }
    }

    static int protect(MemorySegment pages, long bytes, int protection) {
      try {
        return (int) MPROTECT.invokeExact(pages, bytes, protection);
      } catch (Throwable e) {
        throw unexpected(e);
      }
    }

    static void unmap(MemorySegment pages, long bytes) {
      try {
        int ignored = (int) MUNMAP.invokeExact(pages, bytes);
        assert ignored == 0;
      } catch (Throwable e) {
        throw unexpected(e);
      }
    }
  }

  /** A downcall handle declares Throwable; what it really throws is a programming mistake. */
  static IllegalStateException unexpected(Throwable e) {
    return new IllegalStateException("a native call failed in Java", e);
  }
}
