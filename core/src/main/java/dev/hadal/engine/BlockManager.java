package dev.hadal.engine;

import dev.hadal.backend.KvCache;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * Whose the blocks of the cache are, and what they hold: a whole block is found again by its tokens
 * and by the block before it, by whatever sequence begins the same.
 *
 * <p>What nobody holds is kept until room is needed; what was used least recently goes first, and
 * the end of a text before its beginning. Blocks are compared by their tokens and not by a hash of
 * them: two texts never get each other's memory. Owned by the engine's thread.
 *
 * <p>Source of the idea: vLLM's automatic prefix caching and SGLang's radix tree
 * (arXiv:2312.07104).
 */
final class BlockManager {
  /** What stands before the first block of every text. */
  static final long ROOT = 0;

  static final int NONE = -1;

  private final KvCache cache;
  private final int[] holders;
  private final @Nullable Content[] contents; // of whole blocks that may be found
  private final int[] free; // hold nothing
  private final Map<Content, Integer> index = new HashMap<>();
  private final SequencedSet<Integer> idle = new LinkedHashSet<>(); // hold what nobody uses
  private int freeCount;
  private int capacity;
  private long serials = ROOT;

  /** Tokens behind what one serial number stands for. */
  private static final class Content {
    final long parent;
    final int[] tokens;
    final int hash;
    long serial;

    Content(long parent, int[] tokens) {
      this.parent = parent;
      this.tokens = tokens;
      this.hash = 31 * Long.hashCode(parent) + Arrays.hashCode(tokens);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Content content
          && content.parent == parent
          && Arrays.equals(content.tokens, tokens);
    }
  }

  BlockManager(KvCache cache) {
    this.cache = cache;
    int blocks = cache.blockCount();
    holders = new int[blocks];
    contents = new Content[blocks];
    free = new int[blocks];
    freeCount = blocks;
    capacity = blocks;
    for (int i = 0; i < blocks; i++) {
      free[i] = blocks - 1 - i; // low numbers first: they have their memory already
    }
  }

  /** Blocks that could be had now. */
  int available() {
    return freeCount + idle.size();
  }

  /** Blocks there are; fewer than at first when the machine had no more memory. */
  int capacity() {
    return capacity;
  }

  /** Blocks that sequences hold. */
  int used() {
    return capacity - available();
  }

  /** Blocks that are kept for whoever begins the same. */
  int cached() {
    return idle.size();
  }

  /** A block with memory, held once; {@link #NONE} when there is no more. */
  int allocate() {
    while (freeCount > 0) {
      int block = free[freeCount - 1];
      try {
        cache.reserve(block);
      } catch (OutOfMemoryError e) {
        capacity -= freeCount; // what is left of the list has no memory either
        freeCount = 0;
        break;
      }
      freeCount--;
      holders[block] = 1;
      return block;
    }
    if (idle.isEmpty()) {
      return NONE;
    }
    int block = idle.removeFirst();
    forget(block);
    holders[block] = 1;
    return block;
  }

  private void forget(int block) {
    Content content = contents[block];
    if (content != null) {
      index.remove(content);
      contents[block] = null;
    }
  }

  /** Gives back the first {@code count} blocks of a table. */
  void release(int[] table, int count) {
    for (int i = count - 1; i >= 0; i--) {
      int block = table[i];
      if (--holders[block] == 0) {
        if (contents[block] == null) {
          free[freeCount++] = block;
        } else {
          idle.addLast(block);
        }
      }
    }
  }

  /**
   * Finds a whole block and holds it.
   *
   * @param parent the serial number of the block before it
   * @param tokens a text of which the block's tokens begin at {@code from}
   * @return the block or {@link #NONE}
   */
  int find(long parent, int[] tokens, int from) {
    Integer block = index.get(content(parent, tokens, from));
    if (block == null) {
      return NONE;
    }
    if (holders[block]++ == 0) {
      idle.remove(block);
    }
    return block;
  }

  /** The serial number of what a block that was found holds. */
  long serial(int block) {
    Content content = contents[block];
    if (content == null) {
      throw new IllegalStateException("block " + block + " was not found by its content");
    }
    return content.serial;
  }

  /**
   * Lets others find a block that is whole now.
   *
   * @return the serial number of its content
   */
  long remember(int block, long parent, int[] tokens, int from) {
    Content content = content(parent, tokens, from);
    Integer same = index.get(content);
    if (same != null) {
      return serial(same); // computed twice at a time: the first one is found
    }
    content.serial = ++serials;
    contents[block] = content;
    index.put(content, block);
    return content.serial;
  }

  private static Content content(long parent, int[] tokens, int from) {
    return new Content(parent, Arrays.copyOfRange(tokens, from, from + KvCache.BLOCK_TOKENS));
  }
}
