package dev.hadal.backend;

import dev.hadal.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;

/**
 * What attention remembers, in blocks of {@link #BLOCK_TOKENS} tokens, stored in F16 or in Q8_0.
 *
 * <p>A sequence owns a list of blocks (its block table, in {@link Batch.Span}); token {@code p} of
 * it lies in entry {@code p / BLOCK_TOKENS} of that list, so that sequences grow without copying
 * and may share a prefix. One block holds all layers. In a layer a block is laid out as
 *
 * <ul>
 *   <li>{@link CacheSpec.Full}: keys (kvHeads, BLOCK_TOKENS, headDim), then values of the same
 *       shape;
 *   <li>{@link CacheSpec.Latent}: (BLOCK_TOKENS, rank + ropeDim), the latent first, then the
 *       rotated key.
 * </ul>
 *
 * Blocks take memory when they are first reserved and keep it until {@link #close}. Owned by one
 * thread; kernels only read addresses and write the places of their own tokens.
 */
public final class KvCache implements AutoCloseable {
  /** Tokens in a block. */
  public static final int BLOCK_TOKENS = 64;

  private final List<CacheSpec> layers;
  private final DType type;
  private final long[]
      layerOffset; // bytes from a block's start to each layer's part; the last entry is the block's
  // size
  private final long[] blockAddress; // 0 until reserved
  private final Arena arena = Arena.ofShared();
  private int reservedBlocks;

  /**
   * @param layers what each layer keeps
   * @param blocks the most blocks there can be
   */
  public KvCache(List<CacheSpec> layers, int blocks) {
    this(layers, blocks, DType.F16);
  }

  /**
   * @param layers what each layer keeps
   * @param blocks the most blocks there can be
   * @param type what numbers are stored as
   * @throws IllegalArgumentException if a layer's vectors are not whole blocks of the type
   */
  public KvCache(List<CacheSpec> layers, int blocks, DType type) {
    for (CacheSpec layer : layers) {
      if (layer.unit() % type.blockSize() != 0) {
        throw new IllegalArgumentException(
            "a cache in %s takes %d numbers at a time, this model keeps %s; use F16"
                .formatted(type, type.blockSize(), layer));
      }
    }
    this.type = type;
    this.layers = List.copyOf(layers);
    this.layerOffset = new long[layers.size() + 1];
    for (int i = 0; i < layers.size(); i++) {
      layerOffset[i + 1] = layerOffset[i] + BLOCK_TOKENS * type.bytes(layers.get(i).width());
    }
    this.blockAddress = new long[blocks];
  }

  /** Blocks that {@code tokens} tokens need. */
  public static int blocksFor(int tokens) {
    return (tokens + BLOCK_TOKENS - 1) / BLOCK_TOKENS;
  }

  /** Bytes one token takes over all layers, in F16. */
  public static long bytesPerToken(List<CacheSpec> layers) {
    return bytesPerToken(layers, DType.F16);
  }

  /** Bytes one token takes over all layers. */
  public static long bytesPerToken(List<CacheSpec> layers, DType type) {
    return layers.stream().mapToLong(layer -> type.bytes(layer.width())).sum();
  }

  /** What numbers are stored as. */
  public DType type() {
    return type;
  }

  /** Bytes of a block, over all layers. */
  public long blockBytes() {
    return layerOffset[layers.size()];
  }

  /** Copies a block's contents out, {@link #blockBytes} of them; it must have been reserved. */
  public void read(int block, MemorySegment to) {
    MemorySegment.copy(memory(block), 0, to, 0, blockBytes());
  }

  /** Sets a block's contents; it must have been reserved. */
  public void write(int block, MemorySegment from) {
    MemorySegment.copy(from, 0, memory(block), 0, blockBytes());
  }

  @SuppressWarnings("restricted") // the address is ours, and so is the size
  private MemorySegment memory(int block) {
    return MemorySegment.ofAddress(address(block, 0)).reinterpret(blockBytes());
  }

  public CacheSpec layer(int layer) {
    return layers.get(layer);
  }

  public int layerCount() {
    return layers.size();
  }

  /** The most blocks there can be. */
  public int blockCount() {
    return blockAddress.length;
  }

  /**
   * Gives block {@code block} its memory if it has none yet. Must come before any kernel sees the
   * block.
   */
  public void reserve(int block) {
    if (blockAddress[block] == 0) {
      MemorySegment memory = arena.allocate(layerOffset[layers.size()], 64);
      blockAddress[block] = memory.address();
      reservedBlocks++;
    }
  }

  /** The address of one layer's part of a block. */
  public long address(int block, int layer) {
    long address = blockAddress[block];
    if (address == 0) {
      throw new IllegalStateException(
          String.format(Locale.ROOT, "cache block %d is used but was never reserved", block));
    }
    return address + layerOffset[layer];
  }

  /** Off-heap bytes held. */
  public long totalBytes() {
    return reservedBlocks * layerOffset[layers.size()];
  }

  @Override
  public void close() {
    arena.close();
  }
}
