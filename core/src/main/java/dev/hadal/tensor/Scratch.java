package dev.hadal.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Bump memory for activations: taking a tensor moves a mark forward, {@link #release} moves it
 * back, {@link #reset} starts over.
 *
 * <p>It also keeps the {@link Tensor} objects it gave out: a step that asks for the same shapes in
 * the same order as the last one (decoding does, and so does one layer after another) gets the same
 * objects and allocates nothing, on the heap or off it. Contents are not cleared. Owned by one
 * thread.
 */
public final class Scratch implements AutoCloseable {
  private static final long CHUNK_BYTES = 8L << 20;
  private static final long ALIGNMENT = 64;

  private final Arena arena = Arena.ofShared();
  private final List<MemorySegment> chunks = new ArrayList<>();
  private final List<Slot> slots = new ArrayList<>();
  private int next; // the slot the next request looks at
  private long totalBytes;

  /** A tensor that was given out, and where the memory after it begins. */
  private record Slot(Tensor tensor, int chunk, long end) {}

  /** An uninitialised matrix that lives until the mark below it is released. */
  public Tensor take(DType dtype, int rows, int columns) {
    if (next < slots.size()) {
      Tensor kept = slots.get(next).tensor;
      if (kept.dtype() == dtype && kept.hasShape(rows, columns)) {
        next++;
        return kept;
      }
    }
    return place(dtype, rows, columns);
  }

  private Tensor place(DType dtype, int... shape) {
    slots.subList(next, slots.size()).clear(); // another shape: what followed lies elsewhere now
    long bytes =
        Math.max(
            ALIGNMENT,
            dtype.bytes(Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact)));
    int chunk = next == 0 ? 0 : slots.get(next - 1).chunk;
    long from = next == 0 ? 0 : slots.get(next - 1).end;
    while (chunk < chunks.size() && chunks.get(chunk).byteSize() - from < bytes) {
      chunk++;
      from = 0;
    }
    if (chunk == chunks.size()) {
      long size = Math.max(CHUNK_BYTES, bytes);
      chunks.add(arena.allocate(size, ALIGNMENT));
      totalBytes += size;
    }
    Tensor tensor = Tensor.of(dtype, chunks.get(chunk).asSlice(from), shape);
    long end = (from + bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    slots.add(new Slot(tensor, chunk, Math.min(end, chunks.get(chunk).byteSize())));
    next++;
    return tensor;
  }

  /** Where we are now; give it to {@link #release}. */
  public int mark() {
    return next;
  }

  /** Frees everything taken since {@code mark}. */
  public void release(int mark) {
    next = mark;
  }

  /** Frees everything. */
  public void reset() {
    next = 0;
  }

  /** Off-heap bytes held, whether in use or not. */
  public long totalBytes() {
    return totalBytes;
  }

  @Override
  public void close() {
    arena.close();
  }
}
