package dev.hadal.engine;

import dev.hadal.backend.KvCache;

/** Which blocks of the cache are free. Owned by the engine's thread. */
final class BlockManager {
  private final KvCache cache;
  private final int[] free;
  private int count;

  BlockManager(KvCache cache) {
    this.cache = cache;
    this.free = new int[cache.blockCount()];
    this.count = free.length;
    for (int i = 0; i < count; i++) {
      free[i] = count - 1 - i; // low numbers first: they have their memory already
    }
  }

  boolean canAllocate(int blocks) {
    return blocks <= count;
  }

  /** Takes blocks and sees that they have memory. */
  int[] allocate(int blocks) {
    int[] taken = new int[blocks];
    for (int i = 0; i < blocks; i++) {
      taken[i] = free[--count];
    }
    return taken;
  }

  /** Gives a block its memory before a kernel sees it. */
  void touch(int block) {
    cache.reserve(block);
  }

  void release(int[] blocks) {
    for (int i = blocks.length - 1; i >= 0; i--) {
      free[count++] = blocks[i];
    }
  }
}
