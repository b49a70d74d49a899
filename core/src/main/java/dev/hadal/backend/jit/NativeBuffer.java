package dev.hadal.backend.jit;

import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

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

  /**
   * An F32 matrix at the buffer's beginning.
   *
   * @param last what was returned last time: it is returned again if it still fits
   */
  Tensor matrix(@Nullable Tensor last, int rows, int columns) {
    long address = atLeast(4L * rows * columns);
    if (last != null && last.address() == address && last.hasShape(rows, columns)) {
      return last;
    }
    return Tensor.of(DType.F32, memory, rows, columns);
  }

  @Override
  public void close() {
    arena.close();
  }
}
