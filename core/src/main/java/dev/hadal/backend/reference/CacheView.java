package dev.hadal.backend.reference;

import dev.hadal.backend.Batch;
import dev.hadal.backend.KvCache;
import dev.hadal.tensor.Tensor;
import dev.hadal.tensor.quant.Quants;
import java.lang.foreign.MemorySegment;

/** One layer's part of the cache, as one sequence sees it: numbers by position. */
final class CacheView {
  private final KvCache cache;
  private final int layer;
  private final Batch.Span span;
  private final long blockBytes;

  CacheView(KvCache cache, int layer, Batch.Span span) {
    this.cache = cache;
    this.layer = layer;
    this.span = span;
    this.blockBytes = KvCache.BLOCK_TOKENS * cache.type().bytes(cache.layer(layer).width());
  }

  /**
   * Writes {@code count} numbers for token {@code position}.
   *
   * @param place which number of the layer's block is the first
   */
  void write(int position, long place, Tensor from, long index, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = from.get(index + i);
    }
    Quants.encode(cache.type(), numbers, 0, count, block(position), cache.type().bytes(place));
  }

  /** Reads what {@link #write} wrote. */
  void read(int position, long place, float[] to, int index, int count) {
    Quants.decode(cache.type(), block(position), cache.type().bytes(place), to, index, count);
  }

  @SuppressWarnings(
      "restricted") // the cache gives addresses; its own layout says how much is there
  private MemorySegment block(int position) {
    int block = span.blockTable()[position / KvCache.BLOCK_TOKENS];
    return MemorySegment.ofAddress(cache.address(block, layer)).reinterpret(blockBytes);
  }
}
