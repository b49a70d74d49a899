package dev.hadal.backend.simd;

/**
 * What query rows saw of parts of the keys: sums of weighed values, sums of weights, largest
 * scores. Parts are put together one after another as in flash decoding, rescaled to the larger
 * score.
 */
final class PartialResults {
  private float[] values = new float[0];
  private int rowsPerSlot;
  private int stride; // floats of a row: values, then largest and sum

  /** Room for {@code slots} times as many rows. */
  void size(int slots, int rowsPerSlot, int valueDim) {
    this.rowsPerSlot = rowsPerSlot;
    stride = valueDim + 2;
    int length = Math.multiplyExact(Math.multiplyExact(slots, rowsPerSlot), stride);
    if (values.length < length) {
      values = new float[length];
    }
  }

  /** Copies what the rows of {@code part} saw. */
  void put(int slot, OnlineSoftmax part, int rows) {
    for (int r = 0; r < rows; r++) {
      int at = at(slot, r);
      part.mixed(r, values, at);
      values[at + stride - 2] = part.largest(r);
      values[at + stride - 1] = part.sum(r);
    }
  }

  /** Adds what slot {@code from} saw to slot {@code to}. */
  void add(int to, int from, int rows) {
    for (int r = 0; r < rows; r++) {
      addRow(at(to, r), at(from, r));
    }
  }

  private void addRow(int a, int b) {
    int largest = stride - 2;
    int sum = stride - 1;
    float max = Math.max(values[a + largest], values[b + largest]);
    float shareA = share(values[a + largest], max);
    float shareB = share(values[b + largest], max);
    for (int i = 0; i < largest; i++) {
      values[a + i] = values[a + i] * shareA + values[b + i] * shareB;
    }
    values[a + sum] = values[a + sum] * shareA + values[b + sum] * shareB;
    values[a + largest] = max;
  }

  private static float share(float largest, float max) {
    return largest == Float.NEGATIVE_INFINITY ? 0 : (float) Math.exp(largest - max);
  }

  /** Row r's values, divided by their weights; zeros if it saw nothing. */
  void result(int slot, int r, float[] to, int toAt) {
    int at = at(slot, r);
    float sum = values[at + stride - 1];
    float factor = sum == 0 ? 0 : 1 / sum;
    for (int i = 0; i < stride - 2; i++) {
      to[toAt + i] = values[at + i] * factor;
    }
  }

  private int at(int slot, int r) {
    return (slot * rowsPerSlot + r) * stride;
  }
}
