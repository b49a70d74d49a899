package dev.hadal.grammar;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** Bytes that an expression cannot tell apart as its first: each byte's class, from 0. */
final class Partition {
  final byte[] of;
  final int count;
  private final int number;

  private Partition(byte[] of, int count, int number) {
    this.of = of;
    this.count = count;
    this.number = number;
  }

  /** All partitions of an algebra, each once: equality is identity. */
  static final class Pool {
    private record Pair(int left, int right) {}

    private final Map<ByteBuffer, Partition> all = new HashMap<>();
    private final Map<ByteSet, Partition> ofSets = new HashMap<>();
    private final Map<Pair, Partition> meets = new HashMap<>();
    final Partition whole = pooled(new byte[256], 1);

    /** In the set or not. */
    Partition of(ByteSet set) {
      return ofSets.computeIfAbsent(
          set,
          s -> {
            int[] key = new int[256];
            for (int i = 0; i < 256; i++) {
              key[i] = s.contains(i) ? 1 : 0;
            }
            return numbered(key);
          });
    }

    /** Told apart by either. */
    Partition meet(Partition left, Partition right) {
      if (left == right || right == whole) {
        return left;
      }
      if (left == whole) {
        return right;
      }
      return meets.computeIfAbsent(
          new Pair(left.number, right.number),
          p -> {
            int[] key = new int[256];
            for (int i = 0; i < 256; i++) {
              key[i] = (left.of[i] & 0xFF) << 8 | (right.of[i] & 0xFF);
            }
            return numbered(key);
          });
    }

    private Partition numbered(int[] key) {
      Map<Integer, Integer> seen = new HashMap<>();
      byte[] of = new byte[256];
      for (int i = 0; i < 256; i++) {
        of[i] = (byte) (int) seen.computeIfAbsent(key[i], k -> seen.size());
      }
      return pooled(of, seen.size());
    }

    private Partition pooled(byte[] of, int count) {
      return all.computeIfAbsent(ByteBuffer.wrap(of), k -> new Partition(of, count, all.size()));
    }
  }
}
