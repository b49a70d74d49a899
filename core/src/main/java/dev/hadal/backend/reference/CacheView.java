package dev.hadal.backend.reference;

import dev.hadal.backend.Batch;
import dev.hadal.backend.KvCache;
import dev.hadal.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** One layer's part of the cache, as one sequence sees it: F16 numbers by position. */
final class CacheView {
  private static final ValueLayout.OfShort HALF =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final KvCache cache;
  private final int layer;
  private final Batch.Span span;
  private final long blockBytes;

  CacheView(KvCache cache, int layer, Batch.Span span) {
    this.cache = cache;
    this.layer = layer;
    this.span = span;
    this.blockBytes = (long) KvCache.BLOCK_TOKENS * cache.layer(layer).width() * Short.BYTES;
  }

  /**
   * Writes {@code count} numbers for token {@code position}.
   *
   * @param place which number of the layer's block is the first
   */
  void write(int position, long place, Tensor from, long index, int count) {
    MemorySegment block = block(position);
    for (int i = 0; i < count; i++) {
      block.set(HALF, 2 * (place + i), Float.floatToFloat16(from.get(index + i)));
    }
  }

  /** Reads what {@link #write} wrote. */
  void read(int position, long place, float[] to, int index, int count) {
    MemorySegment block = block(position);
    for (int i = 0; i < count; i++) {
      to[index + i] = Float.float16ToFloat(block.get(HALF, 2 * (place + i)));
    }
  }

  @SuppressWarnings(
      "restricted") // the cache gives addresses; its own layout says how much is there
  private MemorySegment block(int position) {
    int block = span.blockTable()[position / KvCache.BLOCK_TOKENS];
    return MemorySegment.ofAddress(cache.address(block, layer)).reinterpret(blockBytes);
  }
}
