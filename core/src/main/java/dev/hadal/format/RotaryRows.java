package dev.hadal.format;

import dev.hadal.tensor.Tensor;
import java.util.Arrays;

/**
 * Rows of query and key projections in the other order of rotated pairs.
 *
 * <p>Hugging Face keeps the two numbers of a pair half a head apart, GGUF's Llama family side by
 * side: row 2i + s of a head there is row s d/2 + i here.
 */
final class RotaryRows {
  private RotaryRows() {}

  /** Half-split rows, given side by side. */
  static OutputTensor.Rows sideBySide(OutputTensor.Rows rows, int[] shape, int heads) {
    int d = headDim(shape, heads);
    return reordered(rows, shape, d, r -> r % 2 * (d / 2) + r / 2);
  }

  /** Rows that lie side by side, given half-split. */
  static OutputTensor.Rows halfSplit(Tensor tensor, int heads) {
    int d = headDim(tensor.shape(), heads);
    return reordered(
        OutputTensor.rows(tensor), tensor.shape(), d, r -> r % (d / 2) * 2 + r / (d / 2));
  }

  /** Which row of a head comes to a place. */
  @FunctionalInterface
  private interface Order {
    int source(int row);
  }

  private static int headDim(int[] shape, int heads) {
    int rows = shape[0];
    if (rows % heads != 0 || rows / heads % 2 != 0) {
      throw new IllegalArgumentException(
          Arrays.toString(shape) + " does not hold " + heads + " heads of pairs");
    }
    return rows / heads;
  }

  private static OutputTensor.Rows reordered(
      OutputTensor.Rows rows, int[] shape, int d, Order order) {
    if (shape.length == 1) { // a bias: its numbers are the rows
      return (first, count, dst) -> {
        float[] values = new float[shape[0]];
        rows.read(0, 1, values);
        for (int r = 0; r < values.length; r++) {
          dst[r] = values[r / d * d + order.source(r % d)];
        }
      };
    }
    int columns = shape[1];
    return (first, count, dst) -> {
      float[] row = new float[columns];
      for (int i = 0; i < count; i++) {
        int r = first + i;
        rows.read(r / d * d + order.source(r % d), 1, row);
        System.arraycopy(row, 0, dst, i * columns, columns);
      }
    };
  }
}
