package dev.hadal.engine;

import dev.hadal.backend.KvCache;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.Callable;

/**
 * Saves what the cache knows of a text, and takes it up again. Files are read and written by the
 * caller; the engine's thread only finds blocks and copies them, between two steps.
 */
final class Conversations {
  private final KvCache cache;
  private final BlockManager blocks;
  private final EngineThread thread;

  /** Runs something on the engine's thread and waits for it. */
  interface EngineThread {
    <T> T call(Callable<T> work);
  }

  Conversations(KvCache cache, BlockManager blocks, EngineThread thread) {
    this.cache = cache;
    this.blocks = blocks;
    this.thread = thread;
  }

  /** Saves as much of a text's beginning as the cache knows; how many tokens. */
  int save(Path file, String fingerprint, int[] tokens) throws IOException {
    int[] table = thread.call(() -> find(tokens)); // holds them: nobody writes there meanwhile
    try {
      int[] known = Arrays.copyOf(tokens, table.length * KvCache.BLOCK_TOKENS);
      ConversationFile.write(
          file, fingerprint, known, cache.blockBytes(), (i, to) -> cache.read(table[i], to));
      return known.length;
    } finally {
      thread.call(() -> {
        blocks.release(table, table.length);
        return table;
      });
    }
  }

  private int[] find(int[] tokens) {
    int[] table = new int[tokens.length / KvCache.BLOCK_TOKENS];
    long parent = BlockManager.ROOT;
    for (int i = 0; i < table.length; i++) {
      table[i] = blocks.find(parent, tokens, i * KvCache.BLOCK_TOKENS);
      if (table[i] == BlockManager.NONE) {
        return Arrays.copyOf(table, i);
      }
      parent = blocks.serial(table[i]);
    }
    return table;
  }

  /** Takes up what was saved, as far as there is room; how many tokens. */
  int restore(Path file, String fingerprint) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        Arena arena = Arena.ofShared()) {
      ConversationFile.Header header =
          ConversationFile.header(file, channel, fingerprint, cache.blockBytes());
      MemorySegment block = arena.allocate(cache.blockBytes());
      int[] table = new int[header.blocks()];
      int count = 0;
      long parent = BlockManager.ROOT;
      try {
        while (count < table.length) {
          ConversationFile.block(file, channel, block);
          int i = count;
          long before = parent;
          table[i] = thread.call(() -> put(before, header.tokens(), i, block));
          if (table[i] == BlockManager.NONE) {
            break;
          }
          count++;
          parent = thread.call(() -> blocks.serial(table[i]));
        }
      } finally {
        int taken = count;
        thread.call(() -> {
          blocks.release(table, taken);
          return table;
        });
      }
      return count * KvCache.BLOCK_TOKENS;
    }
  }

  private int put(long parent, int[] tokens, int i, MemorySegment memory) {
    int from = i * KvCache.BLOCK_TOKENS;
    int known = blocks.find(parent, tokens, from);
    if (known != BlockManager.NONE) {
      return known;
    }
    int block = blocks.allocate();
    if (block != BlockManager.NONE) {
      cache.write(block, memory);
      blocks.remember(block, parent, tokens, from);
    }
    return block;
  }
}
