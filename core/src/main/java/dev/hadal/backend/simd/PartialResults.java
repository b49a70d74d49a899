package dev.hadal.backend.simd;

/**
 * What units of one group saw of the keys, to be put together: sums of weighed values, sums of
 * weights, largest scores. The merge is that of flash decoding: each part is rescaled to the
 * largest score of all.
 */
final class PartialResults {
  private float[] values = new float[0];
  private int stride; // floats of a row: values, then largest and sum
  private int rowsPerUnit;

  void size(int units, int rowsPerUnit, int valueStride) {
    this.rowsPerUnit = rowsPerUnit;
    stride = valueStride + 2;
    int length = Math.multiplyExact(Math.multiplyExact(units, rowsPerUnit), stride);
    if (values.length < length) {
      values = new float[length];
    }
  }

  void put(int unit, OnlineSoftmax part, int rows) {
    for (int r = 0; r < rows; r++) {
      int at = (unit * rowsPerUnit + r) * stride;
      System.arraycopy(part.mixed, r * part.valueStride, values, at, part.valueStride);
      values[at + stride - 2] = part.largest[r];
      values[at + stride - 1] = part.sums[r];
    }
  }

  /** Row r of units {@code from} to {@code to}, as one, into the front of {@code out}. */
  void merge(int from, int to, int r, float[] out, int outAt, int width) {
    float max = Float.NEGATIVE_INFINITY;
    for (int unit = from; unit < to; unit++) {
      max = Math.max(max, values[(unit * rowsPerUnit + r) * stride + stride - 2]);
    }
    float sum = 0;
    for (int unit = from; unit < to; unit++) {
      int at = (unit * rowsPerUnit + r) * stride;
      float largest = values[at + stride - 2];
      float share = largest == Float.NEGATIVE_INFINITY ? 0 : (float) Math.exp(largest - max);
      sum += share * values[at + stride - 1];
      for (int i = 0; i < width; i++) {
        float already = unit == from ? 0 : out[outAt + i];
        out[outAt + i] = already + share * values[at + i];
      }
    }
    float factor = sum == 0 ? 0 : 1 / sum;
    for (int i = 0; i < width; i++) {
      out[outAt + i] *= factor;
    }
  }
}
