package dev.hadal.tokenizer;

import java.util.Arrays;

/** A growing array of ints. */
final class IntList {
  private int[] values = new int[32];
  private int size;

  void add(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = value;
  }

  void addAll(int[] more) {
    int needed = size + more.length;
    if (needed > values.length) {
      values = Arrays.copyOf(values, Math.max(needed, 2 * size));
    }
    System.arraycopy(more, 0, values, size, more.length);
    size = needed;
  }

  int size() {
    return size;
  }

  int get(int index) {
    return values[index];
  }

  void truncate(int newSize) {
    size = newSize;
  }

  int[] toArray() {
    return Arrays.copyOf(values, size);
  }

  int[] copyFrom(int from) {
    return Arrays.copyOfRange(values, from, size);
  }
}
