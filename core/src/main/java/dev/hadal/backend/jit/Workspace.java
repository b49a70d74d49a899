package dev.hadal.backend.jit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What one worker owns: a panel that fits its first cache, a call's numbers, a tail's outputs. */
final class Workspace implements AutoCloseable {
  /** A panel and the activations that stream past it share 32 KB. */
  static final int PANEL_BYTES = 23 << 10;

  private final Arena arena = Arena.ofShared();
  private final NativeBuffer outputs = new NativeBuffer();
  final long panel = arena.allocate(PANEL_BYTES, 64).address();
  final MemorySegment call = TypeKernels.call(arena);

  /** Room for outputs that must not go where they belong all at once. */
  long outputs(long bytes) {
    return outputs.atLeast(bytes);
  }

  @Override
  public void close() {
    outputs.close();
    arena.close();
  }
}
