package dev.hadal.engine;

import dev.hadal.backend.KvCache;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * What attention remembers of a text, in a file: so that a conversation goes on where it ended,
 * after a restart, without being computed again.
 *
 * <p>Little-endian: {@value #MAGIC}, the length and text of a fingerprint, bytes of a block, how
 * many blocks, their tokens, then the blocks themselves. It is written under another name first.
 */
final class ConversationFile {
  private static final String MAGIC = "HADALKV1";
  private static final int MOST_FINGERPRINT = 4096;

  private ConversationFile() {}

  /** Where the blocks of a text come from or go to. */
  interface Blocks {
    /** Copies block {@code i} of the text. */
    void copy(int i, MemorySegment memory);
  }

  /** What a file says before its blocks. */
  record Header(int[] tokens, long blocksAt) {
    int blocks() {
      return tokens.length / KvCache.BLOCK_TOKENS;
    }
  }

  /**
   * @param tokens whole blocks of them
   */
  static void write(Path file, String fingerprint, int[] tokens, long blockBytes, Blocks blocks)
      throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try (FileChannel channel =
            FileChannel.open(
                part,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
        Arena arena = Arena.ofConfined()) {
      byte[] name = fingerprint.getBytes(StandardCharsets.UTF_8);
      ByteBuffer header =
          little(MAGIC.length() + 4 + name.length + 8 + 4 + 4 * tokens.length)
              .put(MAGIC.getBytes(StandardCharsets.US_ASCII))
              .putInt(name.length)
              .put(name)
              .putLong(blockBytes)
              .putInt(tokens.length / KvCache.BLOCK_TOKENS);
      for (int token : tokens) {
        header.putInt(token);
      }
      writeAll(channel, header.flip());
      MemorySegment block = arena.allocate(blockBytes);
      for (int i = 0; i < tokens.length / KvCache.BLOCK_TOKENS; i++) {
        blocks.copy(i, block);
        writeAll(channel, block.asByteBuffer());
      }
      channel.force(true);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(part);
      throw e;
    }
    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Reads what stands before the blocks.
   *
   * @throws IllegalArgumentException if it is no such file, or another model's
   */
  static Header header(Path file, FileChannel channel, String fingerprint, long blockBytes)
      throws IOException {
    ByteBuffer start = read(file, channel, MAGIC.length() + 4);
    byte[] magic = new byte[MAGIC.length()];
    start.get(magic);
    if (!Arrays.equals(magic, MAGIC.getBytes(StandardCharsets.US_ASCII))) {
      throw new IllegalArgumentException(
          file
              + ": not a saved conversation of this version, which begins with "
              + MAGIC
              + "; compute the prompt anew and save it");
    }
    int length = start.getInt();
    if (length < 0 || length > MOST_FINGERPRINT) {
      throw damaged(file, "a fingerprint of " + length + " bytes");
    }
    byte[] name = new byte[length];
    read(file, channel, length).get(name);
    String found = new String(name, StandardCharsets.UTF_8);
    if (!found.equals(fingerprint)) {
      throw new IllegalArgumentException(
          "%s: saved with another model or another way of computing (%s), this is %s; open that one, or let the text be computed again"
              .formatted(file, found, fingerprint));
    }
    ByteBuffer sizes = read(file, channel, 12);
    long bytes = sizes.getLong();
    int blocks = sizes.getInt();
    long most = (channel.size() - channel.position()) / Math.max(1, blockBytes);
    if (bytes != blockBytes || blocks < 0 || blocks > most) {
      throw damaged(file, blocks + " blocks of " + bytes + " bytes, expected " + blockBytes);
    }
    int[] tokens = new int[blocks * KvCache.BLOCK_TOKENS];
    read(file, channel, 4 * tokens.length).asIntBuffer().get(tokens);
    return new Header(tokens, channel.position());
  }

  private static ByteBuffer read(Path file, FileChannel channel, int bytes) throws IOException {
    ByteBuffer buffer = little(bytes);
    readAll(file, channel, buffer);
    return buffer.flip();
  }

  /** Reads the next block. */
  static void block(Path file, FileChannel channel, MemorySegment to) throws IOException {
    readAll(file, channel, to.asByteBuffer());
  }

  private static void readAll(Path file, FileChannel channel, ByteBuffer buffer)
      throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException(file + ": ends before its last block; was it cut off?");
      }
    }
  }

  private static void writeAll(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static IllegalArgumentException damaged(Path file, String found) {
    return new IllegalArgumentException(file + ": damaged, it says " + found);
  }
}
