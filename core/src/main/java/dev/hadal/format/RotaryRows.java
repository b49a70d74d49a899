package dev.hadal.format;

import dev.hadal.tensor.Tensor;
import dev.hadal.tensor.quant.Dequant;

/**
 * Rows of query and key projections in the other order of rotated pairs.
 *
 * <p>Hugging Face keeps the two numbers of a pair half a head apart, GGUF's Llama family side by
 * side: row 2i + s of a head there is row s d/2 + i here.
 */
final class RotaryRows {
  private RotaryRows() {}

  /** Half-split rows, given side by side. */
  static OutputTensor.Rows sideBySide(Tensor tensor, int heads) {
    int d = headDim(tensor, heads);
    return reordered(tensor, d, r -> r % 2 * (d / 2) + r / 2);
  }

  /** Rows that lie side by side, given half-split. */
  static OutputTensor.Rows halfSplit(Tensor tensor, int heads) {
    int d = headDim(tensor, heads);
    return reordered(tensor, d, r -> r % (d / 2) * 2 + r / (d / 2));
  }

  /** Which row of a head comes to a place. */
  @FunctionalInterface
  private interface Order {
    int source(int row);
  }

  private static int headDim(Tensor tensor, int heads) {
    int rows = tensor.dim(0);
    if (rows % heads != 0 || rows / heads % 2 != 0) {
      throw new IllegalArgumentException(tensor + " does not hold " + heads + " heads of pairs");
    }
    return rows / heads;
  }

  private static OutputTensor.Rows reordered(Tensor tensor, int d, Order order) {
    if (tensor.rank() == 1) { // a bias: its numbers are the rows
      return (first, count, dst) -> {
        float[] values = Dequant.toFloats(tensor);
        for (int r = 0; r < values.length; r++) {
          dst[r] = values[r / d * d + order.source(r % d)];
        }
      };
    }
    return (first, count, dst) -> {
      int columns = tensor.dim(-1);
      for (int i = 0; i < count; i++) {
        int r = first + i;
        Dequant.decodeRow(tensor, r / d * d + order.source(r % d), dst, i * columns);
      }
    };
  }
}
