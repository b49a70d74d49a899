package dev.hadal.grammar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One character of a set, as the bytes that UTF-8 spells it with. */
final class Utf8Bytes {
  private static final int[] LAST_OF_LENGTH = {0x7F, 0x7FF, 0xFFFF, 0x10FFFF};

  private final Algebra algebra;
  private final Node continuation;

  Utf8Bytes(Algebra algebra) {
    this.algebra = algebra;
    this.continuation = algebra.bytes(ByteSet.range(0x80, 0xBF));
  }

  Node of(CodePoints points) {
    List<Node> ways = new ArrayList<>();
    for (CodePoints.Range range : points.ranges()) {
      int low = range.low();
      for (int last : LAST_OF_LENGTH) {
        if (low <= Math.min(last, range.high())) {
          ways.add(between(bytes(low), bytes(Math.min(last, range.high())), 0));
          low = last + 1;
        }
      }
    }
    return algebra.alt(ways);
  }

  private static byte[] bytes(int point) {
    return Character.toString(point).getBytes(StandardCharsets.UTF_8);
  }

  /** Byte strings of one length from {@code low} to {@code high}, from their byte {@code i} on. */
  private Node between(byte[] low, byte[] high, int i) {
    int first = low[i] & 0xFF;
    int last = high[i] & 0xFF;
    if (i == low.length - 1) {
      return algebra.bytes(ByteSet.range(first, last));
    }
    if (first == last) {
      return algebra.seq(algebra.byteOf(first), between(low, high, i + 1));
    }
    boolean fromStart = isAll(low, i + 1, (byte) 0x80);
    boolean toEnd = isAll(high, i + 1, (byte) 0xBF);
    List<Node> ways = new ArrayList<>();
    if (!fromStart) {
      ways.add(
          algebra.seq(algebra.byteOf(first), between(low, filled(low, i, (byte) 0xBF), i + 1)));
    }
    if (!toEnd) {
      ways.add(
          algebra.seq(algebra.byteOf(last), between(filled(high, i, (byte) 0x80), high, i + 1)));
    }
    int from = fromStart ? first : first + 1;
    int to = toEnd ? last : last - 1;
    if (from <= to) {
      Node tail = algebra.repeat(continuation, low.length - i - 1, low.length - i - 1);
      ways.add(algebra.seq(algebra.bytes(ByteSet.range(from, to)), tail));
    }
    return algebra.alt(ways);
  }

  private static boolean isAll(byte[] bytes, int from, byte value) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] != value) {
        return false;
      }
    }
    return true;
  }

  private static byte[] filled(byte[] bytes, int after, byte value) {
    byte[] result = bytes.clone();
    Arrays.fill(result, after + 1, result.length, value);
    return result;
  }
}
