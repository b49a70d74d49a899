package dev.hadal.format;

import dev.hadal.tensor.Tensor;
import dev.hadal.tensor.quant.Dequant;

/**
 * DeepSeek's up-projection in its two forms: one matrix (H (n + v), C), or keys turned round (H, C,
 * n) beside values (H, v, C).
 */
final class LatentHeads {
  private LatentHeads() {}

  /** Rows of the turned keys, (H C) of n numbers, out of the one matrix. */
  static void keyRows(
      OutputTensor.Rows kv, int n, int headRows, int rank, int first, int count, float[] dst) {
    float[] column = new float[rank];
    for (int row = first; row < first + count; ) {
      int head = row / rank;
      int end = Math.min(first + count, (head + 1) * rank);
      for (int i = 0; i < n; i++) { // row i of the head holds number i of every turned row
        kv.read(head * headRows + i, 1, column);
        for (int r = row; r < end; r++) {
          dst[(r - first) * n + i] = column[r % rank];
        }
      }
      row = end;
    }
  }

  /** Rows of the one matrix, out of keys (H, C, n) and values (H, v, C). */
  static OutputTensor.Rows joined(Tensor keys, Tensor values) {
    int rank = keys.dim(1);
    int n = keys.dim(2);
    int v = values.dim(1);
    return (first, count, dst) -> {
      float[] turned = null; // one head's keys
      int turnedHead = -1;
      for (int i = 0; i < count; i++) {
        int head = (first + i) / (n + v);
        int row = (first + i) % (n + v);
        if (row >= n) {
          Dequant.decodeRow(values, (long) head * v + row - n, dst, i * rank);
          continue;
        }
        if (turned == null || head != turnedHead) {
          turned = Dequant.toFloats(keys.at(head));
          turnedHead = head;
        }
        for (int c = 0; c < rank; c++) {
          dst[i * rank + c] = turned[c * n + row];
        }
      }
    };
  }
}
