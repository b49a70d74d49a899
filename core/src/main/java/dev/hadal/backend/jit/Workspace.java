package dev.hadal.backend.jit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What one worker owns: a few panels, a call's numbers, a tail's outputs. */
final class Workspace implements AutoCloseable {
  /** Panels at once: together they stay in the second cache. */
  static final int PANELS = 4;

  /** A panel and the activations that stream past it share 32 KB. */
  static final int PANEL_BYTES = 23 << 10;

  private final Arena arena = Arena.ofShared();
  private final NativeBuffer outputs = new NativeBuffer();
  private final long panels = arena.allocate((long) PANELS * PANEL_BYTES, 64).address();
  final MemorySegment call = TypeKernels.call(arena);

  long panel(int index) {
    return panels + (long) index * PANEL_BYTES;
  }

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
