package dev.hadal.backend.jit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory outside the heap that grows to what was ever asked; contents do not survive growing. */
final class NativeBuffer implements AutoCloseable {
  private Arena arena = Arena.ofShared();
  private MemorySegment memory = MemorySegment.NULL;

  /** The address of at least {@code bytes} bytes, on a cache line's boundary. */
  long atLeast(long bytes) {
    if (memory.byteSize() < bytes) {
      arena.close();
      arena = Arena.ofShared();
      memory = arena.allocate(bytes + bytes / 8, 64);
    }
    return memory.address();
  }

  @Override
  public void close() {
    arena.close();
  }
}
