package dev.hadal.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bump memory for activations: taking a tensor moves a mark forward, {@link #release} moves it
 * back, {@link #reset} starts over.
 *
 * <p>It also keeps the {@link Tensor} objects it gave out, each with those that were asked for next
 * (one kind of layer asks for other shapes than another): a step that asks for shapes in an order
 * seen before (decoding does) gets the same objects and allocates nothing, on the heap or off it.
 * Contents are not cleared. Owned by one thread.
 */
public final class Scratch implements AutoCloseable {
  private static final long CHUNK_BYTES = 8L << 20;
  private static final long ALIGNMENT = 64;

  /** Objects kept from one step to the next: prompts of ever new lengths must not pile up. */
  private static final int MOST_SLOTS = 4096;

  private final Arena arena = Arena.ofShared();
  private final List<MemorySegment> chunks = new ArrayList<>();
  private final List<Slot> slots = new ArrayList<>();
  private int current; // the slot that was given out last
  private long totalBytes;

  /** A tensor that was given out, and where the memory after it begins. */
  private static final class Slot {
    final @Nullable Tensor tensor;
    final int chunk;
    final long end;
    int firstNext; // slots that were asked for after this one; 0: none
    int sibling; // another slot that was asked for after the same one; 0: none

    Slot(@Nullable Tensor tensor, int chunk, long end) {
      this.tensor = tensor;
      this.chunk = chunk;
      this.end = end;
    }
  }

  public Scratch() {
    slots.add(new Slot(null, 0, 0)); // where every step begins
  }

  /** An uninitialised matrix that lives until the mark below it is released. */
  public Tensor take(DType dtype, int rows, int columns) {
    for (int i = slots.get(current).firstNext; i != 0; i = slots.get(i).sibling) {
      Tensor kept = slots.get(i).tensor;
      if (kept != null && kept.dtype() == dtype && kept.hasShape(rows, columns)) {
        current = i;
        return kept;
      }
    }
    return place(dtype, rows, columns);
  }

  private Tensor place(DType dtype, int rows, int columns) {
    Slot before = slots.get(current);
    long bytes = Math.max(ALIGNMENT, dtype.bytes(Math.multiplyExact((long) rows, columns)));
    int chunk = before.chunk;
    long from = before.end;
    while (chunk < chunks.size() && chunks.get(chunk).byteSize() - from < bytes) {
      chunk++;
      from = 0;
    }
    if (chunk == chunks.size()) {
      long size = Math.max(CHUNK_BYTES, bytes);
      chunks.add(arena.allocate(size, ALIGNMENT));
      totalBytes += size;
    }
    Tensor tensor = Tensor.of(dtype, chunks.get(chunk).asSlice(from), rows, columns);
    long end = (from + bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    Slot slot = new Slot(tensor, chunk, Math.min(end, chunks.get(chunk).byteSize()));
    slot.sibling = before.firstNext;
    current = slots.size();
    before.firstNext = current;
    slots.add(slot);
    return tensor;
  }

  /** Where we are now; give it to {@link #release}. */
  public int mark() {
    return current;
  }

  /** Frees everything taken since {@code mark}. */
  public void release(int mark) {
    current = mark;
  }

  /** Frees everything. */
  public void reset() {
    current = 0;
    if (slots.size() > MOST_SLOTS) {
      slots.clear();
      slots.add(new Slot(null, 0, 0));
    }
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
