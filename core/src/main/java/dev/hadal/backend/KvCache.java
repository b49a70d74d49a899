package dev.hadal.backend;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;

/**
 * What attention remembers, in blocks of {@link #BLOCK_TOKENS} tokens, stored in F16.
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
    this.layers = List.copyOf(layers);
    this.layerOffset = new long[layers.size() + 1];
    for (int i = 0; i < layers.size(); i++) {
      layerOffset[i + 1] =
          layerOffset[i] + (long) BLOCK_TOKENS * layers.get(i).width() * Short.BYTES;
    }
    this.blockAddress = new long[blocks];
  }

  /** Blocks that {@code tokens} tokens need. */
  public static int blocksFor(int tokens) {
    return (tokens + BLOCK_TOKENS - 1) / BLOCK_TOKENS;
  }

  /** Bytes one token takes over all layers. */
  public static long bytesPerToken(List<CacheSpec> layers) {
    return layers.stream().mapToLong(layer -> (long) layer.width() * Short.BYTES).sum();
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
